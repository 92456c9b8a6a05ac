/** The engine's own log: every line to a bounded file, warnings also to stderr. Never container output, secrets or build args. */

import { appendFileSync, renameSync, statSync } from 'node:fs';

export interface Log {
  info(text: string): void;
  /** `error` is printed with its stack and causes. */
  warn(text: string, error?: unknown): void;
}

const MAX_BYTES = 4 * 1024 * 1024;

/** Appends to `path`; past 4 MiB the file becomes `path.1` (replacing the last one), so at most 8 MiB are kept. Never throws: a line that cannot be written is lost. */
export function openLog(path: string, toStderr: (line: string) => void): Log {
  let nBytes = sizeOf(path);
  function write(level: string, text: string): void {
    const line = `${new Date().toISOString()} ${level} ${text}\n`;
    try {
      if (nBytes > MAX_BYTES) {
        renameSync(path, `${path}.1`);
        nBytes = 0;
      }
      appendFileSync(path, line, { mode: 0o600 });
      nBytes += Buffer.byteLength(line);
    } catch {
      // A full disk: the engine is worth more than its log, and what is logged is often that the disk is full.
    }
  }
  return {
    info: (text) => write('info', text),
    warn: (text, error) => {
      const full = error === undefined ? text : `${text}\n${describe(error)}`;
      write('warn', full);
      toStderr(`warn ${full}\n`);
    },
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? error.message;
  return error.cause === undefined ? own : `${own}\ncaused by ${describe(error.cause)}`;
}
