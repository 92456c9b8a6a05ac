/** The pipes of a `crun exec` as one Duplex: stdout and stderr framed on the read side, stdin on the write side. */

import { Duplex, type Readable } from 'node:stream';

import type { SpawnedProcess } from '../../../host/exec.ts';
import { frame, type OutputName } from '../../../oci-runtime/stream-frames.ts';

export interface ExecStreamOptions {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** Whether the process came to be; until then stderr is crun's, and what it says there is told otherwise. */
  readonly started: Promise<boolean>;
}

/** The read side ends when both pipes have: a background process that keeps one open keeps the session open, as with Docker. */
export class ExecStream extends Duplex {
  private readonly child: SpawnedProcess;
  private readonly hasStdin: boolean;
  private readonly flowing = new Set<Readable>();
  private nOpen: number;
  private isDone = false;

  constructor(child: SpawnedProcess, options: ExecStreamOptions) {
    super({ allowHalfOpen: true });
    this.child = child;
    this.hasStdin = options.stdin;
    this.nOpen = [child.stdout, child.stderr].filter((pipe) => pipe !== null).length;
    // The process may end without reading its input.
    child.stdin?.on('error', () => undefined);
    if (!options.stdin) child.stdin?.end();
    this.takePipe('stdout', options.stdout);
    void options.started.then((isStarted) => this.takePipe('stderr', isStarted && options.stderr));
  }

  /** Ends the read side, with a last text on it. */
  finish(lastWords: string): void {
    if (this.isDone) return;
    this.isDone = true;
    if (lastWords !== '') this.push(frame('stdout', Buffer.from(lastWords)));
    this.push(null);
  }

  override _read(): void {
    for (const pipe of this.flowing) pipe.resume();
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
    this.flowing.add(stream);
    stream.on('data', (chunk: Buffer) => {
      if (isWanted && !this.isDone && !this.push(frame(name, chunk))) stream.pause();
    });
    stream.once('close', () => {
      this.nOpen -= 1;
      if (this.nOpen === 0) this.emit('drained');
    });
  }
}
