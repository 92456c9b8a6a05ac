/** Commands of crun (crun.1) on containers that conmon created; errors are turned by `runtime-errors.ts`. */

import { closeSync, constants, existsSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { execStatus } from '../host/exec.ts';
import { NaruError } from '../../core/errors.ts';
import { removeCgroup } from './cgroup-removal.ts';
import { bundleDir, crunPath, crunStateDir, type RuntimeDirs } from './runtime-dirs.ts';
import type { OciResources } from './runtime-spec.ts';

/**
 * Runs the process of a created container.
 * It waits for a byte on a fifo; `crun start` writes it and, without hooks and a notify socket, does nothing else (libcrun 1.21 and 1.28, container.c).
 *
 * @throws internal with crun's words
 */
export async function crunStart(dirs: RuntimeDirs, id: string): Promise<void> {
  if (!releaseProcess(join(crunStateDir(dirs), id, 'exec.fifo'))) await crun(dirs, ['start', id]);
}

/**
 * Removes what crun keeps of a container that has ended, and its cgroups; gone already is fine.
 * `cgroupPath` is below each hierarchy. Where a process is left in it, crun ends it.
 */
export async function removeEnded(dirs: RuntimeDirs, id: string, cgroupPath: string): Promise<void> {
  const isClean = !isProcessAlive(dirs, id) && removeCgroup(cgroupPath);
  if (isClean) await rm(join(crunStateDir(dirs), id), { recursive: true, force: true });
  else await crunDelete(dirs, id);
}

/** Removes what crun keeps of it, its cgroups and whatever still runs there; gone already is fine. */
export async function crunDelete(dirs: RuntimeDirs, id: string): Promise<void> {
  await execStatus([...command(dirs), 'delete', '--force', id]);
}

export async function crunPause(dirs: RuntimeDirs, id: string): Promise<void> {
  await crun(dirs, ['pause', id]);
}

export async function crunResume(dirs: RuntimeDirs, id: string): Promise<void> {
  await crun(dirs, ['resume', id]);
}

export async function crunUpdate(dirs: RuntimeDirs, id: string, resources: OciResources): Promise<void> {
  const file = join(bundleDir(dirs, id), 'resources.json');
  await writeFile(file, JSON.stringify(resources));
  await crun(dirs, ['update', '--resources', file, id]);
}

/** What crun says of it: `created`, `running`, `paused`, `stopped`; undefined when it knows none. */
export async function crunStatus(
  dirs: RuntimeDirs,
  id: string,
): Promise<{ readonly status: string; readonly pid: number } | undefined> {
  const result = await execStatus([...command(dirs), 'state', id]);
  if (result.exitCode !== 0) return undefined;
  const state: unknown = JSON.parse(result.stdout);
  if (typeof state !== 'object' || state === null || !('status' in state) || !('pid' in state))
    return undefined;
  return { status: String(state.status), pid: Number(state.pid) };
}

/** argv of `crun exec` with a process file; the caller owns the pipes. crun's own complaints go to `logFile`. */
export function crunExecArgv(
  dirs: RuntimeDirs,
  id: string,
  files: { readonly processFile: string; readonly pidFile: string; readonly logFile: string },
): readonly string[] {
  const [program, ...global] = command(dirs);
  const own = ['exec', '--process', files.processFile, '--pid-file', files.pidFile, id];
  return [program ?? '', ...global, `--log=file:${files.logFile}`, ...own];
}

/** The arguments conmon hands on to crun before its own. */
export function crunGlobalArguments(dirs: RuntimeDirs): readonly string[] {
  return [`--root=${crunStateDir(dirs)}`];
}

/** False when nobody waits: crun then says why. */
function releaseProcess(fifo: string): boolean {
  let fd: number;
  try {
    // O_NONBLOCK: without a reader it fails instead of waiting.
    fd = openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return false;
  }
  try {
    writeSync(fd, Buffer.alloc(1));
    // After the byte: an engine that dies between the two leaves a container that counts as never started, not one that waits for ever.
    rmSync(fifo, { force: true });
    return true;
  } finally {
    closeSync(fd);
  }
}

/** The first process of the container, by crun's own record; its pid namespace ends with it. */
function isProcessAlive(dirs: RuntimeDirs, id: string): boolean {
  try {
    const status: unknown = JSON.parse(readFileSync(join(crunStateDir(dirs), id, 'status'), 'utf8'));
    const pid = typeof status === 'object' && status !== null && 'pid' in status ? Number(status.pid) : 0;
    return pid > 0 && existsSync(`/proc/${pid}`);
  } catch {
    return false; // crun keeps nothing of it
  }
}

function command(dirs: RuntimeDirs): readonly string[] {
  return [crunPath(dirs), ...crunGlobalArguments(dirs)];
}

async function crun(dirs: RuntimeDirs, args: readonly string[]): Promise<void> {
  const result = await execStatus([...command(dirs), ...args]);
  if (result.exitCode === 0) return;
  const text = result.stderr.trim();
  if (/does not exist|No such process|not running/i.test(text)) {
    throw new NaruError('not-found', 'E_CRUN_GONE', `crun ${args[0]}: ${text}`);
  }
  throw new NaruError('internal', 'E_CRUN', `crun ${args[0]} failed: ${text}`);
}
