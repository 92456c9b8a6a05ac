/** Streaming JSON answers (pull, push, load, build): one object per line, and errors as a last line, as docker's jsonmessage reads them. */

import type { Writable } from 'node:stream';

import type { Answer } from './endpoint.ts';
import { errorStatus } from './error-status.ts';

/** Writes one message; `stream` for plain text, or any of jsonmessage's fields. */
export type SendProgress = (message: Readonly<Record<string, unknown>>) => void;

/**
 * Answers 200 at once and streams what `work` sends.
 * What `work` throws becomes the last line `{errorDetail, error}`: the status has gone out already.
 */
export function progressAnswer(work: (send: SendProgress) => Promise<void>): Answer {
  return {
    kind: 'stream',
    contentType: 'application/json',
    write: (out) => stream(out, work),
  };
}

async function stream(out: Writable, work: (send: SendProgress) => Promise<void>): Promise<void> {
  function send(message: Readonly<Record<string, unknown>>): void {
    if (!out.writableEnded && !out.destroyed) out.write(`${JSON.stringify(message)}\r\n`);
  }
  try {
    await work(send);
  } catch (error) {
    const { message } = errorStatus(error);
    const code = exitCodeOf(error);
    send({ errorDetail: { ...(code === undefined ? {} : { code }), message }, error: message });
  }
}

/** Docker: only a command that failed has a code, and docker's CLI exits with it. */
function exitCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('exitCode' in error && typeof error.exitCode === 'number') return error.exitCode;
  return exitCodeOf(error.cause);
}
