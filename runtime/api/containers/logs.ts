/** `GET /containers/{id}/logs`. */

import type { Writable } from 'node:stream';

import { NaruError } from '../../../core/errors.ts';
import { logDetails } from '../../engine/containers/streams/log-details.ts';
import type { LogOptions, LogRecord } from '../../engine/containers/requests.ts';
import type { Endpoint } from '../endpoint.ts';
import { present } from '../present.ts';
import type { Query } from '../query.ts';
import { frame, streamContentType } from '../stdcopy.ts';
import { instantOf } from '../timestamps.ts';
import { writableAgain } from '../writable-again.ts';

export const containerLogs: Endpoint = {
  method: 'GET',
  path: '/containers/{id}/logs',
  handle: async ({ params, query, signal, apiMinor }, { containers }) => {
    const options = logOptions(query, signal);
    const container = await containers.inspect(params('id'));
    const isTty = container.config.tty ?? false;
    const hasTimestamps = query.flag('timestamps');
    // Docker: a space even where there are none.
    const details = query.flag('details') ? `${logDetails(container)} ` : '';
    // Asked for before the stream begins: what is refused has a status of its own.
    const records = containers.logs(container.id, options);
    return {
      kind: 'stream',
      contentType: streamContentType(isTty, apiMinor),
      write: async (out) => {
        for await (const record of records) {
          if (
            !(await writeRecord(
              out,
              record,
              isTty,
              `${hasTimestamps ? `${record.timestamp} ` : ''}${details}`,
            ))
          )
            return;
        }
      },
    };
  },
};

function logOptions(query: Query, signal: AbortSignal): LogOptions {
  const stdout = query.flag('stdout');
  const stderr = query.flag('stderr');
  if (!stdout && !stderr) {
    const text = 'Bad parameters: you must choose at least one stream';
    throw new NaruError('invalid-argument', 'E_STREAMS', text);
  }
  const tail = query.text('tail');
  return present<LogOptions>({
    stdout,
    stderr,
    follow: query.flag('follow'),
    since: instantOf('since', query.text('since')),
    until: instantOf('until', query.text('until')),
    // Docker: anything that is not a number means all.
    tail: /^\d+$/.test(tail) ? Number(tail) : undefined,
    signal,
  });
}

/** False once the client is gone. Waits while the client reads slower than the log comes. */
async function writeRecord(
  out: Writable,
  record: LogRecord,
  isTty: boolean,
  prefix: string,
): Promise<boolean> {
  const line = Buffer.concat([Buffer.from(prefix), record.data]);
  if (out.destroyed || out.writableEnded) return false;
  if (out.write(isTty ? line : frame(record.stream, line))) return true;
  await writableAgain(out);
  return !out.destroyed;
}
