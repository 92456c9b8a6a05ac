/** The pipes of a `crun exec` as one Duplex: stdout and stderr framed on the read side, stdin on the write side. */

import { Duplex } from 'node:stream';

import type { SpawnedProcess } from '../../../host/exec.ts';
import { frame, type OutputName } from '../../../oci-runtime/stream-frames.ts';

export interface ExecStreamOptions {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** Whether crun has complained by now: what it writes to stderr then is told otherwise. */
  readonly hasFailed: () => boolean;
}

/** The read side ends when both pipes have: a background process that keeps one open keeps the session open, as with Docker. */
export class ExecStream extends Duplex {
  private readonly child: SpawnedProcess;
  private readonly hasStdin: boolean;
  private readonly hasFailed: () => boolean;
  private nOpen = 0;
  private isDone = false;

  constructor(child: SpawnedProcess, options: ExecStreamOptions) {
    super({ allowHalfOpen: true });
    this.child = child;
    this.hasStdin = options.stdin;
    this.hasFailed = options.hasFailed;
    // The process may end without reading its input.
    child.stdin?.on('error', () => undefined);
    if (!options.stdin) child.stdin?.end();
    this.takePipe('stdout', options.stdout);
    this.takePipe('stderr', options.stderr);
  }

  /** Ends the read side, with a last text on it. */
  finish(lastWords: string): void {
    if (this.isDone) return;
    this.isDone = true;
    if (lastWords !== '') this.push(frame('stdout', Buffer.from(lastWords)));
    this.push(null);
  }

  override _read(): void {
    this.child.stdout?.resume();
    this.child.stderr?.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const { stdin } = this.child;
    if (!this.hasStdin || stdin === null || !stdin.writable) done();
    else stdin.write(chunk, () => done());
  }

  override _final(done: (error?: Error | null) => void): void {
    this.child.stdin?.end();
    done();
  }

  /** True when both outputs have ended. */
  get isDrained(): boolean {
    return this.nOpen === 0;
  }

  private takePipe(name: OutputName, isWanted: boolean): void {
    const stream = this.child[name];
    if (stream === null) return;
    this.nOpen += 1;
    stream.on('data', (chunk: Buffer) => {
      if (name === 'stderr' && this.hasFailed()) return;
      if (isWanted && !this.isDone && !this.push(frame(name, chunk))) stream.pause();
    });
    stream.once('close', () => {
      this.nOpen -= 1;
      if (this.nOpen === 0) this.emit('drained');
    });
  }
}
