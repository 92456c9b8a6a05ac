/**
 * Reads the log that conmon writes and rotates (`log.1` is older than `log`, `log.2` older still): one line per read, `<time> stdout|stderr F|P <data>` (Kubernetes CRI logging format).
 * P pieces are joined to the line they belong to, per stream, so that records are what Docker's json-file log would hold.
 */

import { type FSWatcher, statSync, watch } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface LogRecord {
  readonly stream: 'stdout' | 'stderr';
  /** RFC 3339, nine digits, ends in Z: text order is time order. */
  readonly timestamp: string;
  /** One line with its newline; the last of a stream may lack it. */
  readonly data: Buffer;
}

/** A line longer than this comes in several records, which bounds what is held in memory. */
const MAX_LINE_BYTES = 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 10;
/** Of `2026-11-20T17:56:06.403011143+00:00 stdout F `. */
const TIMESTAMP_LENGTH = 35;

/** Reads from the oldest kept file on; follows renames. Close it. */
export class LogReader {
  private readonly path: string;
  private readonly parser = new LogParser();
  private file: FileHandle | undefined;
  private position = 0;
  private watcher: FSWatcher | undefined;
  private isDirty = true;
  private wake = (): void => undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** What was written since the last call, up to now. */
  async *read(): AsyncGenerator<LogRecord, void, undefined> {
    this.isDirty = false;
    const buffer = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      this.file ??= await openAfter(this.path, undefined);
      if (this.file === undefined) return;
      const { bytesRead } = await this.file.read(buffer, 0, CHUNK_BYTES, this.position);
      if (bytesRead > 0) {
        this.position += bytesRead;
        yield* this.parser.push(buffer.subarray(0, bytesRead));
      } else if (!(await this.moveOn())) {
        return;
      }
    }
  }

  /** Lines that never got their newline. */
  rest(): readonly LogRecord[] {
    return this.parser.rest();
  }

  /** Resolves when the log has grown since the last `read` began, or the signal aborts. */
  async changed(signal: AbortSignal): Promise<void> {
    this.watcher ??= watch(dirname(this.path), () => this.touch());
    const onAbort = (): void => this.touch();
    signal.addEventListener('abort', onAbort);
    // The first call starts the watch: what came before it must be looked for once.
    if (!this.isDirty && !signal.aborted) await new Promise<void>((resolve) => (this.wake = resolve));
    signal.removeEventListener('abort', onAbort);
  }

  /** Starts to notice changes; to be called before the first `read` by those who will wait. */
  follow(): void {
    this.watcher ??= watch(dirname(this.path), () => this.touch());
  }

  async close(): Promise<void> {
    this.watcher?.close();
    await this.file?.close();
    this.file = undefined;
  }

  private touch(): void {
    this.isDirty = true;
    this.wake();
  }

  /** At the end of a file: goes to the next one if there is any. */
  private async moveOn(): Promise<boolean> {
    if (this.file === undefined) return false;
    const next = await openAfter(this.path, (await this.file.stat()).ino);
    if (next === undefined) return false;
    // Only now is it certain that nothing more is written to this one.
    if ((await this.file.stat()).size > this.position) {
      await next.close();
      return true;
    }
    await this.file.close();
    this.file = next;
    this.position = 0;
    return true;
  }
}

/** Bytes in, records out. Exported for its tests. */
export class LogParser {
  private tail: Buffer = Buffer.alloc(0);
  private readonly partial = new Map<
    LogRecord['stream'],
    { timestamp: string; pieces: Buffer[]; size: number }
  >();

  *push(chunk: Buffer): Generator<LogRecord, void, undefined> {
    const text = this.tail.length === 0 ? chunk : Buffer.concat([this.tail, chunk]);
    let start = 0;
    for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE, start)) {
      const record = this.line(text.subarray(start, end));
      start = end + 1;
      if (record !== undefined) yield record;
    }
    // Copied, because the caller reuses its buffer.
    this.tail = Buffer.from(text.subarray(start));
  }

  rest(): readonly LogRecord[] {
    const rest = [...this.partial].map(([stream, { timestamp, pieces }]) => ({
      stream,
      timestamp,
      data: Buffer.concat(pieces),
    }));
    this.partial.clear();
    return rest.filter(({ data }) => data.length > 0);
  }

  private line(line: Buffer): LogRecord | undefined {
    const head = line.subarray(0, TIMESTAMP_LENGTH + 10).toString('latin1');
    const match = /^(\S{29})\S* (stdout|stderr) ([FP]) /.exec(head);
    if (match === null) return undefined;
    const [prefix, time = '', stream, tag] = match;
    const name = stream === 'stderr' ? 'stderr' : 'stdout';
    const held = this.partial.get(name) ?? { timestamp: `${time}Z`, pieces: [], size: 0 };
    const data = Buffer.from(line.subarray(prefix.length));
    held.pieces.push(data);
    held.size += data.length;
    if (tag === 'P' && held.size < MAX_LINE_BYTES) {
      this.partial.set(name, held);
      return undefined;
    }
    this.partial.delete(name);
    if (tag === 'F') held.pieces.push(Buffer.from('\n'));
    return { stream: name, timestamp: held.timestamp, data: Buffer.concat(held.pieces) };
  }
}

/**
 * The open log after the one with this inode; the oldest when that is gone, or none is said. undefined: that was the newest.
 * Files move to higher numbers meanwhile, so they are looked at from the newest on, and a place may be empty for a moment.
 */
async function openAfter(path: string, inode: number | undefined): Promise<FileHandle | undefined> {
  for (;;) {
    const found: { readonly at: string; readonly inode: number }[] = [];
    for (let number = 0, nEmpty = 0; nEmpty < 2; number += 1) {
      const at = number === 0 ? path : `${path}.${number}`;
      const status = statSync(at, { throwIfNoEntry: false });
      nEmpty = status === undefined ? nEmpty + 1 : 0;
      if (status === undefined) continue;
      if (number === 0 && status.ino === inode) return undefined;
      found.push({ at, inode: status.ino });
    }
    const own = found.findIndex((file) => file.inode === inode);
    const next = found[own < 0 ? found.length - 1 : own - 1];
    if (next === undefined) return undefined;
    const file = await open(next.at, 'r').catch(() => undefined);
    if (file !== undefined && (await file.stat()).ino === next.inode) return file;
    await file?.close();
  }
}
