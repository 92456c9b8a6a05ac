/**
 * One attached client as a Duplex over conmon's attach socket; may be made before the container runs.
 * Read side: what conmon sends (framed unless the container has a terminal). Write side: stdin, thrown away when the client has none.
 */

import type { Socket } from 'node:net';
import { Duplex, type Transform } from 'node:stream';

import type { DetachKeys } from '../../../../core/engine-api/detach-keys.ts';
import { type AttachConnection, connectClient } from '../../../oci-runtime/conmon.ts';

export interface AttachStreamOptions {
  readonly hasStdin: boolean;
  /** Docker: the end of a client's input closes a pipe, never a terminal; what the process still writes must come through. */
  readonly isTty: boolean;
  /** Passes on the wanted streams; absent: everything. */
  readonly filter?: Transform;
  readonly detachKeys?: DetachKeys;
  readonly onDetach: () => void;
}

export class AttachStream extends Duplex {
  private readonly options: AttachStreamOptions;
  private socket: Socket | undefined;
  private input: Socket | undefined;
  private held: { chunk: Uint8Array; done: (error?: Error | null) => void } | undefined;
  private isInputEnded = false;
  private isOutputEnded = false;

  constructor(options: AttachStreamOptions) {
    super({ allowHalfOpen: true });
    this.options = options;
    options.filter?.on('data', (chunk: Buffer) => this.pass(chunk));
    options.filter?.on('end', () => this.endOutput());
  }

  /** Begins the session; `directory` is the bundle. A container that is gone already just ends it. */
  async connectTo(directory: string): Promise<void> {
    if (this.destroyed) return;
    try {
      this.use(await connectClient(directory, this.options.hasStdin));
    } catch {
      this.finish();
    }
  }

  use({ output: socket, input }: AttachConnection): void {
    this.socket = socket;
    this.input = input;
    if (this.destroyed) {
      this.disconnect();
      return;
    }
    // A process that no longer reads: what is typed is lost, as on a terminal.
    input?.on('error', () => undefined);
    input?.resume();
    const { filter } = this.options;
    socket.on('data', (chunk: Buffer) => {
      if (filter === undefined) this.pass(chunk);
      else if (!filter.write(chunk)) {
        socket.pause();
        filter.once('drain', () => socket.resume());
      }
    });
    const onEnd = (): void => void (filter === undefined ? this.endOutput() : filter.end());
    socket.once('end', onEnd);
    socket.once('close', onEnd);
    // The monitor went away with the container: an end, not an error.
    socket.on('error', onEnd);
    this.flush();
  }

  /** Output that was there before the session: log lines, error texts. */
  prepend(chunk: Buffer): void {
    this.push(chunk);
  }

  /** Ends the read side. */
  finish(): void {
    this.endOutput();
    this.disconnect();
  }

  override _read(): void {
    this.socket?.resume();
    this.options.filter?.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const { detachKeys, hasStdin } = this.options;
    const typed = detachKeys?.accept(chunk) ?? { data: chunk, isDetach: false };
    if (!hasStdin || typed.data.length === 0 || this.isOutputEnded) done();
    else if (this.input === undefined) this.held = { chunk: typed.data, done };
    else this.send(this.input, typed.data, done);
    if (typed.isDetach) {
      this.options.onDetach();
      this.finish();
    }
  }

  override _final(done: (error?: Error | null) => void): void {
    this.isInputEnded = true;
    if (this.endsStdin) this.input?.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.disconnect();
    this.options.filter?.destroy();
    this.held?.done();
    done(error);
  }

  private get endsStdin(): boolean {
    return this.options.hasStdin && !this.options.isTty;
  }

  private flush(): void {
    const { input, held } = this;
    if (input === undefined) return;
    this.held = undefined;
    if (held !== undefined) this.send(input, held.chunk, held.done);
    if (this.isInputEnded && this.endsStdin) input.end();
  }

  /** Input for a process that no longer reads is dropped, as a terminal would. */
  private send(socket: Socket, chunk: Uint8Array, done: (error?: Error | null) => void): void {
    socket.write(chunk, () => done());
  }

  private pass(chunk: Buffer): void {
    if (this.isOutputEnded || this.push(chunk)) return;
    if (this.options.filter === undefined) this.socket?.pause();
    else this.options.filter.pause();
  }

  private disconnect(): void {
    this.socket?.destroy();
    this.input?.destroy();
  }

  private endOutput(): void {
    if (this.isOutputEnded) return;
    this.isOutputEnded = true;
    this.push(null);
  }
}
