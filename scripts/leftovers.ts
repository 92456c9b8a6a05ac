/**
 * What an engine could leave on a machine: mounts, network namespaces, links, nft tables, cgroups, processes.
 * All of them carry a name of ours, so the list is read from the kernel and not from our own books.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One line per thing found, sorted; empty on a clean machine. */
export function leftovers(): readonly string[] {
  if (process.platform !== 'linux') return [];
  return [...mounts(), ...namespaces(), ...links(), ...tables(), ...cgroups(), ...processes()].sort();
}

/**
 * What is there now and was not before; with `marks`, only what carries one of them (an engine's folder or id: other engines may run beside it). Processes that are just ending get a moment: it answers as soon as nothing is left, at the latest after 5 s.
 */
export async function newLeftovers(
  before: readonly string[],
  marks: readonly string[] = [''],
): Promise<readonly string[]> {
  const deadline = performance.now() + 5000;
  for (;;) {
    const left = leftovers().filter(
      (item) => !before.includes(item) && marks.some((mark) => item.includes(mark)),
    );
    if (left.length === 0 || performance.now() > deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function mounts(): string[] {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.includes('naru'))
    .map((path) => `mount ${path}`);
}

function namespaces(): string[] {
  return list('/run/netns')
    .filter((name) => /^(naru|nr)/.test(name))
    .map((name) => `network namespace ${name}`);
}

function links(): string[] {
  return list('/sys/class/net')
    .filter((name) => /^(naru|nr)/.test(name))
    .map((name) => `network link ${name}`);
}

function tables(): string[] {
  const { stdout } = spawnSync('nft', ['list', 'tables'], { encoding: 'utf8' });
  return (stdout ?? '')
    .split('\n')
    .filter((line) => line.includes('naru'))
    .map((line) => `nft ${line.trim()}`);
}

function cgroups(): string[] {
  const found = new Set<string>();
  for (const root of [
    '/sys/fs/cgroup',
    ...list('/sys/fs/cgroup').map((name) => join('/sys/fs/cgroup', name)),
  ]) {
    for (const name of list(root)) if (name.startsWith('naru')) found.add(`cgroup ${join(root, name)}`);
  }
  return [...found];
}

function processes(): string[] {
  const found: string[] = [];
  for (const pid of list('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const name = readProc(pid, 'comm').trim();
    if (name === 'conmon' || name === 'crun' || name === 'pasta')
      found.push(`process ${name} ${pid} ${readProc(pid, 'cmdline').replaceAll('\0', ' ')}`);
  }
  return found;
}

function readProc(pid: string, file: 'comm' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // the process ended between the two reads
  }
}

function list(path: string): string[] {
  if (!existsSync(path)) return [];
  try {
    return readdirSync(path);
  } catch {
    return []; // a file, or gone meanwhile
  }
}
