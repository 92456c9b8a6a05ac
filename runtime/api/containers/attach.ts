/** `POST /containers/{id}/attach`: the connection becomes the container's streams. */

import { pipeline } from 'node:stream/promises';

import type { AttachOptions, AttachSession } from '../../engine/containers/requests.ts';
import type { Answer, Endpoint, Hijacked } from '../endpoint.ts';
import { present } from '../present.ts';
import { streamContentType } from '../stdcopy.ts';

export const containerAttach: Endpoint = {
  method: 'POST',
  path: '/containers/{id}/attach',
  handle: async ({ params, query, apiMinor }, { containers }) => {
    const options = present<AttachOptions>({
      stdin: query.flag('stdin'),
      stdout: query.flag('stdout'),
      stderr: query.flag('stderr'),
      logs: query.flag('logs'),
      stream: query.flag('stream'),
      detachKeys: query.has('detachKeys') ? query.text('detachKeys') : undefined,
    });
    const session = await containers.attach(params('id'), options);
    return sessionAnswer(session, options.stdin && options.stream, apiMinor);
  },
};

/** Also for exec start. */
export function sessionAnswer(session: AttachSession, hasStdin: boolean, apiMinor: number): Answer {
  return {
    kind: 'hijack',
    contentType: streamContentType(session.isTty, apiMinor),
    run: (connection) => runSession(session, hasStdin, connection),
  };
}

/** Ends when the session's output has ended or the client is gone; the session is destroyed then. */
async function runSession(session: AttachSession, hasStdin: boolean, connection: Hijacked): Promise<void> {
  const { stream } = session;
  stream.on('error', () => stream.destroy()); // a broken session ends like one whose process ended
  if (hasStdin) connection.input.pipe(stream);
  else connection.input.resume();
  try {
    await pipeline(stream, connection.output, { end: false }).catch(() => undefined); // either side may vanish first
  } finally {
    connection.input.unpipe(stream);
    connection.input.resume();
    stream.destroy();
  }
}
