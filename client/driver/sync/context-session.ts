/** Tells an engine that this client is there and wants the contexts it asks about (core/protocol/context-sync.ts). */

import { randomUUID } from 'node:crypto';

import { CONTEXT_SESSION_HEADER, contextSessionPath } from '../../../core/protocol/context-sync.ts';
import { isErrorKind } from '../../../core/errors.ts';
import type { EngineConnection, EngineStream } from '../engine/connection.ts';
import { demandNaru } from '../engine/naru.ts';

export interface ContextSession {
  /** For each request about a context; resolves once the engine knows of the session. @throws NaruError as any call */
  readonly headers: Promise<Readonly<Record<string, string>>>;
  /** Nothing is held for us any more; builds that have begun hold what they use. */
  close(): void;
}

/** It ends with `signal`, when it is closed, or with this process. An engine that is too old for it keeps contexts for some minutes instead. @throws NaruError "unimplemented" for an engine that is not Naru's */
export function openContextSession(engine: EngineConnection, signal?: AbortSignal): ContextSession {
  demandNaru(engine, 'context sync');
  const session = randomUUID();
  const closing = new AbortController();
  const ends = signal === undefined ? closing.signal : AbortSignal.any([closing.signal, signal]);
  const opened = engine.stream({ method: 'POST', path: contextSessionPath(session), signal: ends });
  const headers = opened.then(
    (stream) => {
      void readToEnd(stream);
      return { [CONTEXT_SESSION_HEADER]: session };
    },
    (error: unknown) => {
      if (isErrorKind(error, 'not-found') || isErrorKind(error, 'unimplemented')) return {};
      throw error;
    },
  );
  headers.catch(() => undefined); // whoever asks is told
  return { headers, close: () => closing.abort() };
}

/** Nothing comes but its end. A broken connection is told by the next request. */
async function readToEnd({ body }: EngineStream): Promise<void> {
  try {
    for await (const _ of body);
  } catch {
    // closed by us, or broken
  }
}
