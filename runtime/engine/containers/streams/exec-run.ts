/**
 * Runs an added process in a running container.
 * Without a terminal through `crun exec` and plain pipes (a few milliseconds); with one through conmon, which can pass terminals on.
 */

import { existsSync, readFileSync, watch } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { goDuration } from '../../../../core/go-duration.ts';
import { spawnProcess, type SpawnedProcess } from '../../../host/exec.ts';
import { makeProcess, type ProcessPlan } from '../../../oci-runtime/config.ts';
import { crunExecArgv } from '../../../oci-runtime/crun.ts';
import { execDir } from '../../../oci-runtime/runtime-dirs.ts';
import { type ResolvedUser, resolveUser } from '../../../oci-runtime/users.ts';
import type { ContainerEntry } from '../container-entry.ts';
import { snapshotKey, type ContainerParts } from '../parts.ts';
import type { ExecRequest } from '../requests.ts';
import { planSecurity } from '../run/plan.ts';
import { readUserFiles } from '../run/rootfs.ts';
import { randomBytes } from 'node:crypto';

/** Docker keeps this much of a health check's output. */
const MAX_PROBE_OUTPUT_BYTES = 4096;

/** Docker: an exec for an unknown user is refused when it is made. @throws invalid-argument */
export async function checkExecUser(
  parts: ContainerParts,
  entry: ContainerEntry,
  request: ExecRequest,
): Promise<void> {
  resolveExecUser(entry, request, await parts.snapshots.mount(snapshotKey(entry.id)));
}

export interface PreparedExec {
  readonly directory: string;
  readonly processFile: string;
}

/** Writes the process file. @throws invalid-argument for an unknown user */
export async function prepareExec(
  parts: ContainerParts,
  entry: ContainerEntry,
  execId: string,
  request: ExecRequest,
): Promise<PreparedExec> {
  const directory = execDir(parts.dirs, execId);
  await mkdir(directory, { recursive: true });
  const rootfs = await parts.snapshots.mount(snapshotKey(entry.id));
  const security = {
    ...planSecurity(entry.record),
    ...(request.privileged === true ? { privileged: true } : {}),
  };
  const process = makeProcess(planExec(entry, request, rootfs), security, parts.facts);
  const processFile = join(directory, 'process.json');
  await writeFile(processFile, JSON.stringify(process), { mode: 0o600 });
  return { directory, processFile };
}

/** The child is `crun exec`, whose exit code is that of the process; its own complaints go to `crun.log`. */
export function spawnExec(
  parts: ContainerParts,
  entry: ContainerEntry,
  exec: PreparedExec,
  io: 'pipes' | 'none',
): SpawnedProcess {
  const files = {
    processFile: exec.processFile,
    pidFile: pidFile(exec),
    logFile: join(exec.directory, 'crun.log'),
  };
  const argv = crunExecArgv(parts.dirs, entry.id, files);
  const mode = io === 'pipes' ? 'pipe' : 'ignore';
  return spawnProcess(argv, { stdio: [mode, mode, mode], detached: true });
}

/** Resolves with true once the process exists (crun has found the program then, and has nothing more to say), false when it never will. */
export function whenStarted(child: SpawnedProcess, exec: PreparedExec): Promise<boolean> {
  return new Promise((resolve) => {
    const watcher = watch(exec.directory, () => {
      if (hasStarted(exec)) settle(true);
    });
    function settle(isStarted: boolean): void {
      watcher.close();
      resolve(isStarted);
    }
    child.once('error', () => settle(false));
    child.once('exit', () => settle(hasStarted(exec)));
    if (hasStarted(exec)) settle(true);
  });
}

/** crun writes the pid file when everything that can fail in its own hands has gone well. */
export function hasStarted(exec: PreparedExec): boolean {
  return existsSync(pidFile(exec));
}

/** 0 when the process never came to be. */
export function readExecPid(exec: PreparedExec): number {
  return Number(readText(pidFile(exec))) || 0;
}

/** What crun itself had to say. */
export function readExecProblem(exec: PreparedExec): string {
  return readText(join(exec.directory, 'crun.log'));
}

/** One health check. @returns exit code (-1 after a timeout) and the start of what it wrote */
export async function runProbe(
  parts: ContainerParts,
  entry: ContainerEntry,
  test: readonly string[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<{ readonly exitCode: number; readonly output: string }> {
  const prepared = await prepareExec(parts, entry, randomBytes(32).toString('hex'), { cmd: test });
  try {
    return await watchProbe(spawnExec(parts, entry, prepared, 'pipes'), prepared, timeoutMs, signal);
  } finally {
    await rm(prepared.directory, { recursive: true, force: true });
  }
}

function watchProbe(
  child: SpawnedProcess,
  prepared: PreparedExec,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<{ readonly exitCode: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    let output = '';
    let timedOut = false;
    const onData = (chunk: Buffer): void => {
      if (output.length < MAX_PROBE_OUTPUT_BYTES)
        output = (output + chunk.toString()).slice(0, MAX_PROBE_OUTPUT_BYTES);
    };
    child.stdin?.end();
    child.stdout?.on('data', onData);
    child.stderr?.on('data', onData);
    const kill = (): void => {
      killQuietly(readExecPid(prepared));
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => {
      timedOut = true;
      kill();
    }, timeoutMs);
    signal.addEventListener('abort', kill, { once: true });
    if (signal.aborted) kill();
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', kill);
    };
    child.once('error', (error) => {
      finish();
      reject(error);
    });
    child.once('close', (code) => {
      finish();
      if (timedOut) {
        const limit = goDuration(timeoutMs * 1e6);
        resolve({ exitCode: -1, output: `Health check exceeded timeout (${limit})` });
      } else resolve({ exitCode: code ?? -1, output: output === '' ? readExecProblem(prepared) : output });
    });
  });
}

function planExec(entry: ContainerEntry, request: ExecRequest, rootfs: string): ProcessPlan {
  const { config, host } = entry.record;
  const cwd =
    request.workingDir === undefined || request.workingDir === '' ? config.workingDir : request.workingDir;
  return {
    args: request.cmd,
    env: [...(config.env ?? []), ...(request.env ?? [])],
    cwd: cwd ?? '/',
    user: resolveExecUser(entry, request, rootfs),
    tty: request.tty === true,
    hostname: config.hostname ?? '',
    ulimits: host.ulimits ?? [],
    oomScoreAdj: 0,
  };
}

function resolveExecUser(entry: ContainerEntry, request: ExecRequest, rootfs: string): ResolvedUser {
  const { config, host } = entry.record;
  const user = request.user === undefined || request.user === '' ? (config.user ?? '') : request.user;
  return resolveUser(user, host.groupAdd ?? [], readUserFiles(rootfs));
}

function pidFile(exec: PreparedExec): string {
  return join(exec.directory, 'pid');
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    // Written only when there is something to say.
    return '';
  }
}

function killQuietly(pid: number): void {
  if (pid <= 0) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
