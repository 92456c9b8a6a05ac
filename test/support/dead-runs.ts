/**
 * Clears away what killed test runs left: engines and monitors that nobody talks to any more, their containers, mounts, networks and files.
 * Only folders that `run-folder.ts` made are looked at, and only when the process that made them is gone.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { mountPointsBelow, unmountIfMounted } from '../../runtime/host/overlay-mount.ts';
import { leftovers } from '../../scripts/leftovers.ts';
import { engineIdOf } from './engine-traces.ts';
import { until } from './until.ts';

export const RUN_PREFIX = 'naru-run-';
/** In a run's folder: pid and start time of its process. */
export const OWNER_FILE = 'owner';

/** One line for each folder that was found; nothing without root. */
export async function endDeadRuns(directory: string): Promise<readonly string[]> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return [];
  const dead = readdirSync(directory)
    .filter((name) => name.startsWith(RUN_PREFIX))
    .map((name) => join(directory, name))
    .filter((folder) => existsSync(join(folder, OWNER_FILE)) && !isOwned(folder));
  const lines: string[] = [];
  for (const folder of dead) {
    const outcome = await endRun(folder).then(
      () => 'cleared away',
      (error: unknown) => `cannot clear away: ${String(error)}`,
    );
    lines.push(`killed test run in ${folder}: ${outcome}`);
  }
  return lines;
}

/** In clock ticks since boot: with the pid it names one process. '' when there is none, or only what its parent has not looked at yet. */
export function processStart(pid: number): string {
  // man 5 proc_pid_stat: fields 3 (state) and 22; the second, in parentheses, may hold blanks.
  const [state, ...fields] = readProc(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
  return state === 'Z' ? '' : (fields[18] ?? '');
}

/** Only a whole line of an owner that is gone gives a folder up. */
function isOwned(folder: string): boolean {
  const match = /^(\d+) (\d+)$/.exec(readFileSync(join(folder, OWNER_FILE), 'utf8'));
  return match === null || match[2] === processStart(Number(match[1]));
}

async function endRun(folder: string): Promise<void> {
  const roots = globSync(['*', '*/*', '*/*/*'].map((depth) => join(folder, depth, 'engine-id')));
  const ids = roots.map((file) => engineIdOf(join(file, '..')));
  await until(`the end of everything of ${folder}`, () => {
    for (const pid of processesOf(folder)) kill(pid);
    const items = removeTraces(ids);
    for (const point of mountPointsBelow(folder)) unmountIfMounted(point);
    return items.length === 0;
  });
  const runDirs = ids.flatMap((id) => globSync([`/run/naru/${id}`, `/run/naru-*-${id}`]));
  for (const path of [...runDirs, folder]) rmSync(path, { recursive: true, force: true });
}

/** Of engines that were killed, by their ids. Answers what was there; what cannot go yet is for the next call. */
export function removeTraces(ids: readonly string[]): readonly string[] {
  const marks = ids.flatMap((id) => [id.slice(0, 8), `nrb${id.slice(0, 5)}`, `nrv${id.slice(0, 5)}`]);
  const items = leftovers().filter((item) => marks.some((mark) => item.includes(mark)));
  for (const item of items) removeItem(item);
  return items;
}

/** One line of `leftovers`; what cannot go yet is tried again by the caller. */
function removeItem(item: string): void {
  const name = item.split(' ').at(-1) ?? '';
  if (item.startsWith('process ')) kill(Number(item.split(' ')[2]));
  else if (item.startsWith('mount ')) unmountIfMounted(name);
  else if (item.startsWith('network namespace ')) spawnSync('ip', ['netns', 'del', name]);
  else if (item.startsWith('network link ')) spawnSync('ip', ['link', 'del', name]);
  else if (item.startsWith('nft ')) spawnSync('nft', ['delete', ...item.split(' ').slice(1)]);
  else if (item.startsWith('cgroup ')) removeCgroup(name);
}

function removeCgroup(path: string): void {
  try {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory()) removeCgroup(join(path, entry.name));
    }
    for (const pid of readFileSync(join(path, 'cgroup.procs'), 'utf8').split('\n')) kill(Number(pid));
    rmdirSync(path);
  } catch {
    // Gone by now, or a process in it is still ending.
  }
}

/** Engines and programs of tests have the folder as TMPDIR, monitors of containers name it in their arguments. */
function processesOf(folder: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .filter((pid) => {
      if (readProc(pid, 'environ').split('\0').includes(`TMPDIR=${folder}`)) return true;
      return readProc(pid, 'comm').trim() === 'conmon' && readProc(pid, 'cmdline').includes(`${folder}/`);
    });
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it ended
  }
}

function kill(pid: number): void {
  if (pid <= 0) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended.
  }
}
