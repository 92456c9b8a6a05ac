/** One exec in the memory of the engine; it is forgotten with its container or by a restart of the engine. */

import type { ContainerId } from '../container.ts';
import type { ExecDetail, ExecRequest } from '../requests.ts';

export class ExecEntry {
  readonly id: string;
  readonly containerId: ContainerId;
  readonly request: ExecRequest;
  isStarted = false;
  isRunning = false;
  exitCode: number | undefined;
  pid = 0;

  constructor(id: string, containerId: ContainerId, request: ExecRequest) {
    this.id = id;
    this.containerId = containerId;
    this.request = request;
  }

  get detail(): ExecDetail {
    const { id, containerId, request, isRunning, exitCode, pid } = this;
    return { id, containerId, request, isRunning, exitCode, pid };
  }
}
