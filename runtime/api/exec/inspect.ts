/** `GET /exec/{id}/json`. */

import type { ExecDetail } from '../../engine/containers/requests.ts';
import { json, type Endpoint } from '../endpoint.ts';

export const execInspect: Endpoint = {
  method: 'GET',
  path: '/exec/{id}/json',
  handle: async ({ params }, { containers }) => json(execBody(await containers.execInspect(params('id')))),
};

function execBody(detail: ExecDetail): Readonly<Record<string, unknown>> {
  const { request } = detail;
  const [entrypoint = '', ...args] = request.cmd;
  return {
    ID: detail.id,
    Running: detail.isRunning,
    ExitCode: detail.exitCode ?? null,
    ProcessConfig: {
      tty: request.tty ?? false,
      entrypoint,
      arguments: args,
      privileged: request.privileged ?? false,
      ...(request.user === undefined ? {} : { user: request.user }),
    },
    OpenStdin: request.attachStdin ?? false,
    OpenStderr: request.attachStderr ?? false,
    OpenStdout: request.attachStdout ?? false,
    CanRemove: false,
    ContainerID: detail.containerId,
    DetachKeys: '',
    Pid: detail.pid,
  };
}
