/**
 * Starts processes; a step's container, for which that is too slow, starts by light-process.ts.
 * Argument lists only, never a shell string; no output reaches a log from here.
 * Errors name what was run (secrets replaced), how it ended and the last lines it wrote.
 */

import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

import { NaruError } from '../../core/errors.ts';
import { errorCode } from '../../local/error-code.ts';

/** A process whose pipes the caller owns; other modules name it by this type. */
export type SpawnedProcess = ChildProcess;

export interface ExecOptions {
  readonly cwd?: string;
  /** Replaces the whole environment; absent means that of the engine. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to stdin, which is then closed; absent means an empty stdin. */
  readonly input?: string | Uint8Array;
  /** Aborting kills the process (SIGKILL) and rejects with kind "cancelled". */
  readonly signal?: AbortSignal;
  /** Kills the process after this long and rejects with kind "timeout". */
  readonly timeoutMs?: number;
  /** Bytes kept of stdout and stderr each, from the end; default 16 MiB. What came before is dropped. */
  readonly maxOutputBytes?: number;
  /** Values that never appear in an error, wherever they stand in argv or output. */
  readonly secrets?: readonly string[];
}

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  /** undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

/** What a failed process carries as the `cause` of its NaruError. */
export class ExecFailure extends Error {
  readonly argv: readonly string[];
  readonly exitCode: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly stderrTail: string;

  constructor(argv: readonly string[], result: ExecResult) {
    const stderrTail = lastLines(result.stderr, 10);
    super(`${argv.join(' ')}: ${describeEnd(result)}${stderrTail === '' ? '' : `: ${stderrTail}`}`);
    this.name = 'ExecFailure';
    this.argv = argv;
    this.exitCode = result.exitCode;
    this.signal = result.signal;
    this.stderrTail = stderrTail;
  }
}

const DEFAULT_MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/**
 * Runs `argv[0]` to its end.
 *
 * @throws NaruError kind "unavailable" (`E_EXEC_NOT_FOUND`) when the program does not exist, "internal" (`E_EXEC_FAILED`, cause ExecFailure) when it does not exit with 0, "cancelled", "timeout"
 */
export async function exec(argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
  const result = await execStatus(argv, options);
  if (result.exitCode === 0) return result;
  const failure = new ExecFailure(redactAll(argv, options), redactResult(result, options));
  throw new NaruError('internal', 'E_EXEC_FAILED', failure.message, { cause: failure });
}

/** Like `exec`, but an exit code other than 0 is an answer, not an error. */
export function execStatus(argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    if (options.signal?.aborted === true) {
      reject(cancelled(argv, options));
      return;
    }
    const child = spawnProcess(argv, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: { ...options.env } }),
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const stdout = collect(child.stdout, options);
    const stderr = collect(child.stderr, options);
    let stopped: NaruError | undefined;
    const stop = (reason: NaruError): void => {
      stopped ??= reason;
      child.kill('SIGKILL');
    };
    const onAbort = (): void => stop(cancelled(argv, options));
    options.signal?.addEventListener('abort', onAbort, { once: true });
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => stop(timedOut(argv, options)), options.timeoutMs);
    const finish = (): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
    };
    child.once('error', (error) => {
      finish();
      reject(stopped ?? notStarted(argv, options, error));
    });
    child.once('close', (code, signal) => {
      finish();
      if (stopped !== undefined) reject(stopped);
      else
        resolve({
          stdout: stdout(),
          stderr: stderr(),
          exitCode: code ?? undefined,
          signal: signal ?? undefined,
        });
    });
    if (options.input !== undefined) feed(child, options.input);
  });
}

/**
 * Starts a process whose pipes the caller owns (conmon, `crun exec`, packers); the caller listens for "error" and "exit".
 * For everything that just runs to its end use `exec`.
 */
export function spawnProcess(argv: readonly string[], options: SpawnOptions): ChildProcess {
  const [program, ...args] = argv;
  if (program === undefined) throw new NaruError('internal', 'E_EXEC_EMPTY', 'nothing to run: argv is empty');
  return spawn(program, args, { ...options, shell: false });
}

function feed(child: ChildProcess, input: string | Uint8Array): void {
  // A program may exit without reading its input; its exit code then says why, not our EPIPE.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
}

/** Keeps the last `maxOutputBytes` of a stream; the returned function gives them as text. */
function collect(stream: NodeJS.ReadableStream | null, options: ExecOptions): () => string {
  const limit = options.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES;
  const chunks: Buffer[] = [];
  let size = 0;
  stream?.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    while (chunks[0] !== undefined && size - chunks[0].length >= limit) {
      size -= chunks[0].length;
      chunks.shift();
    }
  });
  return () => Buffer.concat(chunks).subarray(-limit).toString('utf8');
}

/** Why a program could not be run; `error` has the system's code. */
export function notStarted(argv: readonly string[], options: ExecOptions, error: Error): NaruError {
  const program = argv[0] ?? '';
  if (errorCode(error) === 'ENOENT') {
    return new NaruError('unavailable', 'E_EXEC_NOT_FOUND', `cannot run ${program}: no such program`, {
      hint: `install ${program}, or put it in the PATH of the engine`,
      cause: error,
    });
  }
  const what = redactAll(argv, options).join(' ');
  return new NaruError('internal', 'E_EXEC_FAILED', `cannot run ${what}: ${error.message}`, { cause: error });
}

function cancelled(argv: readonly string[], options: ExecOptions): NaruError {
  const what = redactAll(argv, options).join(' ');
  return new NaruError('cancelled', 'E_EXEC_CANCELLED', `${what} was cancelled`);
}

function timedOut(argv: readonly string[], options: ExecOptions): NaruError {
  const what = redactAll(argv, options).join(' ');
  return new NaruError('timeout', 'E_EXEC_TIMEOUT', `${what} did not end within ${options.timeoutMs} ms`);
}

function redactAll(argv: readonly string[], options: ExecOptions): readonly string[] {
  return argv.map((argument) => redact(argument, options));
}

function redactResult(result: ExecResult, options: ExecOptions): ExecResult {
  return { ...result, stdout: redact(result.stdout, options), stderr: redact(result.stderr, options) };
}

function redact(text: string, options: ExecOptions): string {
  const secrets = (options.secrets ?? []).filter((secret) => secret !== '');
  return secrets.reduce((out, secret) => out.replaceAll(secret, '<redacted>'), text);
}

function lastLines(text: string, nLines: number): string {
  return text.trimEnd().split('\n').slice(-nLines).join('\n');
}

function describeEnd(result: ExecResult): string {
  return result.signal === undefined ? `exit code ${result.exitCode}` : `killed by ${result.signal}`;
}
