/** `POST /exec/{id}/start`: the connection becomes the streams of the process, unless it is detached. */

import { decodeExecStart } from '../../../core/engine-api/containers.ts';
import type { ExecStartOptions } from '../../engine/containers/requests.ts';
import { sessionAnswer } from '../containers/attach.ts';
import { empty, type Endpoint } from '../endpoint.ts';
import { present } from '../present.ts';

export const execStart: Endpoint = {
  method: 'POST',
  path: '/exec/{id}/start',
  handle: async (request, { containers }) => {
    const body = await request.json(decodeExecStart);
    const id = request.params('id');
    const [height, width] = body.ConsoleSize;
    const options = present<ExecStartOptions>({
      detach: body.Detach,
      tty: body.Tty,
      consoleSize: height === undefined || width === undefined ? undefined : { height, width },
    });
    const { request: asked } = await containers.execInspect(id);
    const session = await containers.execStart(id, options);
    if (session === undefined) return empty(200);
    return sessionAnswer(session, asked.attachStdin ?? false, request.apiMinor);
  },
};
