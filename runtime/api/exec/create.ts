/** `POST /containers/{id}/exec`. */

import { decodeExecCreate, type ExecCreateBody } from '../../../core/engine-api/containers.ts';
import { NaruError } from '../../../core/errors.ts';
import type { ExecRequest } from '../../engine/containers/requests.ts';
import { json, type Endpoint } from '../endpoint.ts';
import { given, present } from '../present.ts';

export const execCreate: Endpoint = {
  method: 'POST',
  path: '/containers/{id}/exec',
  handle: async (request, { containers }) => {
    const wanted = execRequest(await request.json(decodeExecCreate));
    return json({ Id: await containers.execCreate(request.params('id'), wanted) }, 201);
  },
};

function execRequest(body: ExecCreateBody): ExecRequest {
  if (body.Cmd.length === 0)
    throw new NaruError('invalid-argument', 'E_NO_COMMAND', 'No exec command specified');
  return present<ExecRequest>({
    cmd: body.Cmd,
    env: given(body.Env),
    user: given(body.User),
    workingDir: given(body.WorkingDir),
    tty: given(body.Tty),
    attachStdin: given(body.AttachStdin),
    attachStdout: given(body.AttachStdout),
    attachStderr: given(body.AttachStderr),
    detachKeys: given(body.DetachKeys),
    privileged: given(body.Privileged),
  });
}
