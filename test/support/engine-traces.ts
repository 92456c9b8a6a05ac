/** What one engine has in the kernel right now, read from the kernel: mounts, namespaces, links, tables, control groups, processes. */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CGROUPS = '/sys/fs/cgroup';

/** One line per thing, sorted. `root` is the engine's directory. */
export function tracesOf(root: string): readonly string[] {
  const id = engineIdOf(root);
  const short = id.slice(0, 8);
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((point) => point.startsWith(root) || point.includes(id));
  const links = list('/sys/class/net').filter((name) => name.startsWith(`nrb${id.slice(0, 5)}`));
  const cables = list('/sys/class/net').filter((name) => name.startsWith(`nrv${id.slice(0, 5)}`));
  const tables = spawnSync('nft', ['list', 'tables'], { encoding: 'utf8' }).stdout.split('\n');
  return [
    ...mounts.map((point) => `mount ${point.replace(root, '')}`),
    ...list('/run/netns').flatMap((name) => (name.includes(short) ? [`netns ${name}`] : [])),
    ...[...links, ...cables].map((name) => `link ${name}`),
    ...tables.flatMap((line) => (line.includes(short) ? [`nft ${line}`] : [])),
    ...cgroupsOf(id).map((path) => `cgroup ${path}`),
    ...processesOf(id).map((line) => `process ${line}`),
    ...(existsSync(`/run/naru/${id}`) ? [`directory /run/naru/${id}`] : []),
  ].sort();
}

/** Of builds only: nothing of these may outlive the build or the engine that ran it. */
export function buildTracesOf(root: string): readonly string[] {
  const id = engineIdOf(root);
  const bundles = list(`/run/naru/${id}/build/bundles`).map((name) => `bundle ${name}`);
  const archives = list(join(root, 'build/archives')).map((name) => `archive ${name}`);
  return [...tracesOf(root).filter((line) => line.includes('build-')), ...bundles, ...archives];
}

/** The short id in the engine's names. */
export function engineIdOf(root: string): string {
  return readFileSync(join(root, 'engine-id'), 'utf8').trim().replaceAll('-', '').slice(0, 12);
}

/** Both levels: the engine's own group and those of its containers, in every hierarchy. */
function cgroupsOf(id: string): string[] {
  const found: string[] = [];
  for (const hierarchy of ['', ...list(CGROUPS)]) {
    const own = join(CGROUPS, hierarchy, `naru-${id}`);
    if (!existsSync(own)) continue;
    found.push(own);
    for (const name of list(own)) if (/^(build-)?[0-9a-f]{32,64}$/.test(name)) found.push(join(own, name));
  }
  return found;
}

/** conmon and crun carry the engine's run directory in their arguments; the processes in a container are found by its group. */
function processesOf(id: string): string[] {
  const found: string[] = [];
  for (const pid of list('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      if (argv === '') continue; // ended, and waits for whoever adopted it
      const groups = readFileSync(`/proc/${pid}/cgroup`, 'utf8');
      const group = new RegExp(`naru-${id}/([^/\\n]+)`).exec(groups)?.[1];
      if (group !== undefined || argv.includes(`/run/naru/${id}`))
        found.push(`${pid} ${group ?? ''} ${argv}`);
    } catch {
      // It ended between the two reads.
    }
  }
  return found;
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return []; // not there, or not a directory
  }
}
