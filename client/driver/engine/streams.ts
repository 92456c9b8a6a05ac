/** Logs of containers, and attaching to them. */

import type { Duplex } from 'node:stream';

import type { EngineConnection } from './connection.ts';
import { containerPath, inspectContainer } from './containers.ts';
import { framedOutput, type OutputChunk, rawOutput } from './output.ts';

export interface LogOptions {
  /** Keeps going while the container runs. */
  readonly isFollowing: boolean;
  /** Last lines only; absent: all. */
  readonly tailLines?: number;
  /** Unix seconds, or RFC 3339. */
  readonly since?: string;
  readonly until?: string;
  /** Puts an RFC 3339 time before each line. */
  readonly withTimes?: boolean;
  /** Puts the labels that the log driver was told to log before each line. */
  readonly withDetails?: boolean;
  readonly signal?: AbortSignal;
}

/** Output in order. @throws NaruError "not-found" */
export async function* containerLogs(
  engine: EngineConnection,
  id: string,
  options: LogOptions,
): AsyncGenerator<OutputChunk, void, void> {
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const { isTty } = await inspectContainer(engine, id, signal);
  const query = {
    stdout: true,
    stderr: true,
    follow: options.isFollowing,
    tail: options.tailLines,
    since: options.since,
    until: options.until,
    timestamps: options.withTimes,
    details: options.withDetails,
  };
  const { body } = await engine.stream({
    method: 'GET',
    path: `${containerPath(id)}/logs`,
    query,
    ...signal,
  });
  yield* isTty ? rawOutput(body) : framedOutput(body);
}

/** Two directions with a process. */
export interface AttachedProcess {
  /** Ends when the process does, or when somebody detaches. */
  readonly output: AsyncIterable<OutputChunk>;
  /** Input; `end()` is end-of-file for the process, `destroy()` detaches. */
  readonly input: Duplex;
}

export interface AttachOptions {
  readonly hasStdin: boolean;
  /** Default: both. */
  readonly hasStdout?: boolean;
  readonly hasStderr?: boolean;
  /** As the container was made. */
  readonly isTty: boolean;
  /** Sends what was written before, too. */
  readonly withLogs?: boolean;
  /** `ctrl-p,ctrl-q`. */
  readonly detachKeys?: string;
  readonly signal?: AbortSignal;
}

export async function attachContainer(
  engine: EngineConnection,
  id: string,
  options: AttachOptions,
): Promise<AttachedProcess> {
  const query = {
    stream: true,
    stdin: options.hasStdin,
    stdout: options.hasStdout ?? true,
    stderr: options.hasStderr ?? true,
    logs: options.withLogs,
    detachKeys: options.detachKeys,
  };
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const call = { method: 'POST', path: `${containerPath(id)}/attach`, query, ...signal } as const;
  const { stream } = await engine.hijack(call);
  return attachedProcess(stream, options.isTty);
}

/** Over a stream that left HTTP. */
export function attachedProcess(stream: Duplex, isTty: boolean): AttachedProcess {
  return { output: isTty ? rawOutput(stream) : framedOutput(stream), input: stream };
}
