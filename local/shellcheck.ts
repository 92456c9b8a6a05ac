/**
 * The user's own `shellcheck`, where there is one: what it says of shell scripts. Naru brings none along, its licence is another.
 * It is started by its absolute path, on files of a folder of its own; it gets its time and is then ended with all it started.
 * Of a process that ends meanwhile it does not stay: `exit` ends it, and whoever is killed leaves it the processor time it was given.
 */

import { spawn } from 'node:child_process';
import { accessSync, constants, rmSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';

import { NaruError } from '../core/errors.ts';
import { readShellcheckAnswer } from '../core/lint/shellcheck/answer.ts';
import type { ShellcheckComment } from '../core/lint/shellcheck/question.ts';

/** By the text of the script. */
export type ShellcheckAnswers = ReadonlyMap<string, readonly ShellcheckComment[]>;

export interface AskOptions {
  /** For each call of the program, of at most 40 scripts. */
  readonly timeoutMs: number;
  /** Calls of the program side by side. */
  readonly nAtOnce: number;
  readonly signal?: AbortSignal;
  /** Called after each call of the program; equal scripts count once. */
  readonly onProgress?: (nAnswered: number, nAll: number) => void;
}

/** The first `shellcheck` on PATH that can be run, as an absolute path. */
export function findShellcheck(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const names = process.platform === 'win32' ? ['shellcheck.exe'] : ['shellcheck'];
  // Relative entries would mean the folder of whoever wrote the Dockerfile.
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isProgram);
}

/**
 * Comments on each script, also on those without any; equal scripts are asked once.
 *
 * @throws NaruError kind "timeout" when it takes too long, "cancelled" when the signal aborts, "unavailable" when it cannot be started or answers something else
 */
export async function askShellcheck(
  program: string,
  scripts: readonly string[],
  options: AskOptions,
): Promise<ShellcheckAnswers> {
  const answers = new Map<string, readonly ShellcheckComment[]>();
  const different = [...new Set(scripts)];
  const failed = new AbortController(); // ends the other calls when one fails
  const signal = AbortSignal.any([failed.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  let at = 0;
  async function askOneByOne(): Promise<void> {
    while (at < different.length) {
      const batch = different.slice(at, (at += MAX_SCRIPTS));
      for (const [script, comments] of await askOnce(program, batch, { ...options, signal }))
        answers.set(script, comments);
      options.onProgress?.(answers.size, different.length);
    }
  }
  const rows = Array.from({ length: options.nAtOnce }, askOneByOne);
  try {
    await Promise.all(rows);
  } finally {
    failed.abort();
    await Promise.allSettled(rows); // so that no folder is left when this is answered
  }
  return answers;
}

const MAX_SCRIPTS = 40;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** hadolint leaves these out too: a shell it takes for dash, and files that a script reads. `.shellcheckrc` does not count. */
const FLAGS: readonly string[] = [
  '--norc',
  '--format=json1',
  '--severity=style',
  '--exclude=SC2187,SC1090,SC1091',
];

async function askOnce(
  program: string,
  scripts: readonly string[],
  options: AskOptions,
): Promise<ShellcheckAnswers> {
  const folder = await mkdtemp(join(tmpdir(), 'naru-shellcheck-'));
  const removeNow = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeNow);
  try {
    const names = scripts.map((_, nth) => `${nth}.sh`);
    await Promise.all(scripts.map((script, nth) => writeFile(join(folder, names[nth] ?? ''), script)));
    const files = readShellcheckAnswer(await outputOf(program, [...FLAGS, '--', ...names], folder, options));
    if (files === undefined)
      throw new NaruError('unavailable', 'E_SHELLCHECK', `${program} did not answer as ShellCheck does`);
    return new Map(scripts.map((script, nth) => [script, files.get(names[nth] ?? '') ?? []]));
  } finally {
    process.off('exit', removeNow);
    await rm(folder, { recursive: true, force: true });
  }
}

/** What it prints; its exit code only tells whether it found something. */
function outputOf(
  program: string,
  args: readonly string[],
  cwd: string,
  { signal, timeoutMs }: AskOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const isPosix = process.platform !== 'win32';
    const [file, ...given] = isPosix ? limited(program, args, timeoutMs) : [program, ...args];
    const child = spawn(file, given, {
      cwd,
      detached: isPosix,
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const chunks: Buffer[] = [];
    let nBytes = 0;
    const endAll = (): void => {
      // The group: a wrapper may have started the real program.
      if (child.pid !== undefined) endGroup(isPosix ? -child.pid : child.pid);
    };
    process.once('exit', endAll);
    const end = (error?: NaruError): void => {
      process.off('exit', endAll);
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      if (error === undefined) {
        resolve(Buffer.concat(chunks).toString('utf8'));
        return;
      }
      endAll();
      child.stdout.destroy();
      reject(error);
    };
    const timer = setTimeout(() => {
      end(new NaruError('timeout', 'E_SHELLCHECK', `${program} took longer than ${timeoutMs / 1000} s`));
    }, timeoutMs);
    const cancel = (): void => {
      end(new NaruError('cancelled', 'E_SHELLCHECK', `${program} was stopped`));
    };
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel);
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      nBytes += chunk.length;
      if (nBytes > MAX_OUTPUT_BYTES)
        end(new NaruError('unavailable', 'E_SHELLCHECK', `${program} answers without end`));
    });
    const unstarted = (cause?: unknown): void => {
      end(new NaruError('unavailable', 'E_SHELLCHECK', `${program} cannot be started`, { cause }));
    };
    child.on('error', unstarted);
    child.on('close', (code) => {
      // What a shell ends with when it cannot start a program.
      if (nBytes === 0 && (code === 126 || code === 127)) unstarted();
      else end();
    });
  });
}

/** ulimit(1p) of POSIX: the kernel ends what uses more. The script is constant; program and arguments are its parameters. */
function limited(
  program: string,
  args: readonly string[],
  timeoutMs: number,
): readonly [string, ...string[]] {
  const seconds = String(Math.ceil(timeoutMs / 1000) + 1);
  return ['/bin/sh', '-c', 'ulimit -t "$1"; shift; exec "$@"', 'sh', seconds, program, ...args];
}

function endGroup(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // not in this folder
  }
}
