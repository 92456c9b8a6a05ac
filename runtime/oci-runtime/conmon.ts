/**
 * The monitor beside each container: conmon (conmon.8) creates it through crun, holds its pipes or terminal, writes its log and its exit code.
 * conmon outlives the engine. Ours is patched: its attach socket is a stream with Docker's framing, and it keeps more than one log file (runtime/native/patches).
 * Protocol: one JSON line per answer on the pipe named by _OCI_SYNCPIPE.
 */

import { writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';

import { NaruError } from '../../core/errors.ts';
import { spawnProcess, type SpawnedProcess } from '../host/exec.ts';
import { crunGlobalArguments } from './crun.ts';
import { bundleDir, conmonPath, crunPath, execDir, exitDir, type RuntimeDirs } from './runtime-dirs.ts';

export interface MonitorOptions {
  readonly id: string;
  readonly tty: boolean;
  readonly stdin: boolean;
  /** stdin stays open when an attached client leaves. */
  readonly leaveStdinOpen: boolean;
  /** undefined: nothing is logged. */
  readonly log: MonitoredLog | undefined;
}

export interface MonitoredLog {
  readonly file: string;
  /** No file gets longer, unless by a single record; undefined: one file, however long. */
  readonly maxSizeBytes: number | undefined;
  /** With the current one; earlier ones are `file.1`, the newest, to `file.N`. */
  readonly maxFiles: number;
}

/** conmon failed to create the container; the message is crun's. */
export class MonitorError extends Error {}

/**
 * Creates the container of the bundle; its process waits for `crunStart`.
 * @returns its pid on the host
 * @throws MonitorError
 */
export async function createMonitored(dirs: RuntimeDirs, options: MonitorOptions): Promise<number> {
  const bundle = bundleDir(dirs, options.id);
  const argv = [
    commonArguments(dirs, options.id, bundle),
    ['-u', options.id, '-n', options.id, '-p', join(bundle, 'pid'), '-P', join(bundle, 'conmon.pid')],
    logArguments(options.log),
    ['--exit-dir', exitDir(dirs), '--full-attach', '--no-sync-log'],
    options.tty ? ['-t'] : [],
    options.stdin ? ['-i'] : [],
    options.stdin && options.leaveStdinOpen ? ['--leave-stdin-open'] : [],
  ].flat();
  const child = spawnProcess(argv, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    env: monitorEnvironment(bundle, { _OCI_SYNCPIPE: '3' }),
    detached: true,
  });
  const answers = new SyncPipe(child, 3);
  try {
    const answer = await answers.next();
    if (answer.data < 0) throw new MonitorError(answer.message);
    return answer.data;
  } finally {
    answers.close();
    child.stderr?.destroy();
    child.unref();
  }
}

function logArguments(log: MonitoredLog | undefined): readonly string[] {
  if (log === undefined) return ['-l', 'none'];
  const { file, maxSizeBytes, maxFiles } = log;
  const limits =
    maxSizeBytes === undefined ? [] : ['--log-size-max', `${maxSizeBytes}`, '--log-max-files', `${maxFiles}`];
  return ['-l', `k8s-file:${file}`, ...limits];
}

export interface MonitoredExec {
  readonly pid: number;
  readonly connection: AttachConnection;
  /** Resolves with the exit code. */
  readonly exited: Promise<number>;
}

/**
 * Runs a process with a terminal in a running container; only conmon can get at the terminal's other end.
 * @throws MonitorError with crun's text when it cannot be run
 */
export async function execMonitored(
  dirs: RuntimeDirs,
  id: string,
  execId: string,
  processFile: string,
  hasStdin: boolean,
  size: { readonly height: number; readonly width: number } | undefined,
): Promise<MonitoredExec> {
  const directory = execDir(dirs, execId);
  const argv = [
    commonArguments(dirs, id, directory),
    ['-u', execId, '-p', join(directory, 'pid'), '-l', 'none', '--exit-dir', directory, '--full-attach'],
    // With a terminal conmon does not get crun's words by the pipe.
    ['--runtime-arg', `--log=file:${join(directory, 'crun.log')}`],
    ['-e', '--exec-attach', '--exec-process-spec', processFile, '-t', '-i'],
  ].flat();
  const child = spawnProcess(argv, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    env: monitorEnvironment(directory, { _OCI_SYNCPIPE: '3', _OCI_STARTPIPE: '4', _OCI_ATTACHPIPE: '5' }),
    detached: true,
  });
  const answers = new SyncPipe(child, 3);
  const pipes: readonly unknown[] = child.stdio;
  const start = pipes[4];
  const attach = pipes[5];
  if (!(start instanceof Writable) || !(attach instanceof Readable)) {
    throw new NaruError('internal', 'E_CONMON', 'conmon has no start and attach pipes');
  }
  // A conmon that dies early says so on the sync pipe; EPIPE here adds nothing.
  start.on('error', () => undefined);
  start.write('\n');
  const failed = answers.failure();
  const connection = await Promise.race([
    new Promise((resolve) => attach.once('data', resolve)).then(() => connectClient(directory, hasStdin)),
    failed,
  ]);
  // Set before the process runs, so that a full-screen program starts with the right size.
  if (size !== undefined) await resizeTerminal(directory, size.height, size.width);
  start.write('\n');
  const answer = await answers.next();
  if (answer.data < 0) {
    connection.output.destroy();
    connection.input?.destroy();
    throw new MonitorError(answer.message);
  }
  const exited = answers.next().then((last) => last.data);
  void exited.finally(() => answers.close()).catch(() => undefined);
  return { pid: answer.data, connection, exited };
}

/** The two directions of a session, on connections of their own. */
export interface AttachConnection {
  readonly output: Socket;
  readonly input: Socket | undefined;
}

/**
 * Connects a client. A failed write destroys a socket together with what was not read yet, and a process that ends while a client
 * types would lose its last words: so input has its own connection, whose copy of the output is thrown away.
 */
export async function connectClient(directory: string, hasStdin: boolean): Promise<AttachConnection> {
  const output = connectAttach(directory);
  const input = hasStdin ? connectAttach(directory) : undefined;
  const [connected, failed] = await Promise.allSettled([output, input ?? output]);
  if (connected.status === 'fulfilled' && failed.status === 'fulfilled') {
    return { output: connected.value, input: input === undefined ? undefined : failed.value };
  }
  for (const one of [connected, failed]) if (one.status === 'fulfilled') one.value.destroy();
  throw connected.status === 'rejected' ? connected.reason : new MonitorError('the monitor is gone');
}

/** Connects to the attach socket in a bundle or exec directory. Half-closing it closes the stdin of the process. */
function connectAttach(directory: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: join(directory, 'attach'), allowHalfOpen: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

/** Sets the size of the terminal. */
export async function resizeTerminal(directory: string, height: number, width: number): Promise<void> {
  await writeFile(join(directory, 'ctl'), `1 ${height} ${width}\n`, { flag: 'a' });
}

interface SyncAnswer {
  /** A pid, or an exit code for the second answer of an exec; negative is a failure. */
  readonly data: number;
  readonly message: string;
}

/** Reads conmon's answers one by one; when conmon ends without one, `next` rejects with what it wrote to stderr. */
class SyncPipe {
  private readonly answers: SyncAnswer[] = [];
  private readonly stream: Readable;
  private text = '';
  private stderr = '';
  private waiting: { resolve: (answer: SyncAnswer) => void; reject: (error: Error) => void } | undefined;
  private ended: Error | undefined;
  private onFailure: ((error: Error) => void) | undefined;

  constructor(child: SpawnedProcess, fd: number) {
    const pipes: readonly unknown[] = child.stdio;
    const stream = pipes[fd];
    if (!(stream instanceof Readable)) throw new NaruError('internal', 'E_CONMON', 'conmon has no sync pipe');
    this.stream = stream;
    child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    child.once('error', (error) => this.end(error));
    stream.on('data', (chunk: Buffer) => this.read(chunk.toString()));
    stream.once('close', () => this.end(new MonitorError(`conmon ended early: ${this.stderr.trim()}`)));
  }

  next(): Promise<SyncAnswer> {
    const ready = this.answers.shift();
    if (ready !== undefined) return Promise.resolve(ready);
    if (this.ended !== undefined) return Promise.reject(this.ended);
    return new Promise((resolve, reject) => (this.waiting = { resolve, reject }));
  }

  /** Rejects when the first answer is a failure or conmon ends; never resolves. */
  failure(): Promise<never> {
    const promise = new Promise<never>((_resolve, reject) => (this.onFailure = reject));
    promise.catch(() => undefined);
    return promise;
  }

  close(): void {
    this.stream.destroy();
  }

  private read(chunk: string): void {
    this.text += chunk;
    for (let at = this.text.indexOf('\n'); at >= 0; at = this.text.indexOf('\n')) {
      this.accept(decodeAnswer(this.text.slice(0, at)));
      this.text = this.text.slice(at + 1);
    }
  }

  private accept(answer: SyncAnswer): void {
    if (answer.data < 0) this.onFailure?.(new MonitorError(answer.message));
    const waiting = this.waiting;
    this.waiting = undefined;
    if (waiting === undefined) this.answers.push(answer);
    else waiting.resolve(answer);
  }

  private end(error: Error): void {
    this.ended ??= error;
    this.onFailure?.(this.ended);
    this.waiting?.reject(this.ended);
    this.waiting = undefined;
  }
}

function decodeAnswer(line: string): SyncAnswer {
  const value: unknown = JSON.parse(line);
  if (typeof value !== 'object' || value === null) throw new MonitorError(`conmon said ${line}`);
  const message = 'message' in value ? String(value.message) : '';
  // Which name carries the number depends on the kind of answer (conmon src/parent_pipe_fd.c).
  const found = ['data', 'pid', 'exit_code'].flatMap((key) => {
    const number: unknown = Object.entries(value).find(([name]) => name === key)?.[1];
    return typeof number === 'number' ? [number] : [];
  });
  return { data: found[0] ?? -1, message };
}

function commonArguments(dirs: RuntimeDirs, id: string, directory: string): readonly string[] {
  return [
    conmonPath(dirs),
    '--api-version',
    '1',
    '-c',
    id,
    '-r',
    crunPath(dirs),
    '-b',
    directory,
    ...crunGlobalArguments(dirs).flatMap((argument) => ['--runtime-arg', argument]),
  ];
}

/** TZ: conmon stamps log lines in local time. Nothing of the engine's own environment (credentials, proxies) goes further. */
function monitorEnvironment(
  directory: string,
  pipes: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin',
    TZ: 'UTC',
    TMPDIR: directory,
    ...pipes,
  };
}
