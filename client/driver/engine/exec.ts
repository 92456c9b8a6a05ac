/** Processes added to a running container. */

import { setTimeout } from 'node:timers/promises';

import { type Decoder, boolean, integer, object, optional, string } from '../../../core/engine-api/decode.ts';
import type { EngineConnection } from './connection.ts';
import { containerPath } from './containers.ts';
import { type AttachedProcess, attachedProcess } from './streams.ts';

export interface ExecSpec {
  readonly command: readonly string[];
  readonly isTty: boolean;
  readonly hasStdin: boolean;
  /** `NAME=value`. */
  readonly env?: readonly string[];
  readonly user?: string;
  readonly workingDirectory?: string;
  readonly isPrivileged?: boolean;
  readonly detachKeys?: string;
  readonly size?: { readonly columns: number; readonly rows: number };
  readonly signal?: AbortSignal;
}

export interface ExecSession extends AttachedProcess {
  readonly id: string;
  resize(size: { readonly columns: number; readonly rows: number }): Promise<void>;
  /** Once the output has ended. Undefined while it still runs, as after detaching. */
  exitCode(): Promise<number | undefined>;
}

const END_TIMEOUT_MS = 3000;
const END_POLL_MS = 20;

/** @throws NaruError "conflict" when the container does not run */
export async function startExec(
  engine: EngineConnection,
  container: string,
  spec: ExecSpec,
): Promise<ExecSession> {
  const consoleSize = spec.size === undefined ? {} : { ConsoleSize: [spec.size.rows, spec.size.columns] };
  const id = await createExec(engine, container, spec, consoleSize);
  const path = `/exec/${encodeURIComponent(id)}`;
  const signal = spec.signal === undefined ? {} : { signal: spec.signal };
  const body = { Detach: false, Tty: spec.isTty, ...consoleSize };
  const { stream } = await engine.hijack({ method: 'POST', path: `${path}/start`, body, ...signal });
  return {
    id,
    ...attachedProcess(stream, spec.isTty),
    resize: async ({ columns, rows }) => {
      await engine.done({ method: 'POST', path: `${path}/resize`, query: { w: columns, h: rows } });
    },
    exitCode: async () => {
      // The output may end a moment before the engine has heard of the process's end.
      const deadline = performance.now() + END_TIMEOUT_MS;
      for (;;) {
        const { Running, ExitCode } = await engine.json({ method: 'GET', path: `${path}/json` }, decodeExec);
        if (!Running) return ExitCode ?? 0;
        if (performance.now() > deadline) return undefined;
        await setTimeout(END_POLL_MS);
      }
    },
  };
}

/** Returns when the process runs. @throws NaruError "conflict" when the container does not run */
export async function startDetachedExec(
  engine: EngineConnection,
  container: string,
  spec: ExecSpec,
): Promise<void> {
  const consoleSize = spec.size === undefined ? {} : { ConsoleSize: [spec.size.rows, spec.size.columns] };
  const id = await createExec(engine, container, spec, consoleSize);
  const body = { Detach: true, Tty: spec.isTty, ...consoleSize };
  await engine.done({ method: 'POST', path: `/exec/${encodeURIComponent(id)}/start`, body });
}

async function createExec(
  engine: EngineConnection,
  container: string,
  spec: ExecSpec,
  consoleSize: object,
): Promise<string> {
  const body = {
    AttachStdin: spec.hasStdin,
    AttachStdout: true,
    AttachStderr: true,
    Tty: spec.isTty,
    Cmd: spec.command,
    Env: spec.env ?? [],
    User: spec.user ?? '',
    WorkingDir: spec.workingDirectory ?? '',
    Privileged: spec.isPrivileged ?? false,
    DetachKeys: spec.detachKeys ?? '',
    ...consoleSize,
  };
  const call = { method: 'POST', path: `${containerPath(container)}/exec`, body } as const;
  return (await engine.json(call, decodeCreated)).Id;
}

const decodeCreated: Decoder<{ readonly Id: string }> = object({ Id: string });

const decodeExec: Decoder<{ readonly Running: boolean; readonly ExitCode: number | undefined }> = object({
  Running: boolean,
  ExitCode: optional(integer),
});
