/** What the engine says about itself and its host: version and the host part of `docker info`. Counts come from the other parts. */

import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, hostname, machine, release, totalmem } from 'node:os';
import { join } from 'node:path';

import { NARU_VERSION } from '../../../core/version.ts';
import { goArch } from '../../host/machine-platform.ts';

export interface SystemReport {
  /** Stays the same for a root. */
  readonly engineId: string;
  readonly root: string;
  readonly version: string;
  readonly registryMirrors: readonly string[];
  /** Read afresh at each call. */
  host(): HostFacts;
}

export interface HostFacts {
  readonly name: string;
  readonly kernelVersion: string;
  readonly operatingSystem: string;
  readonly osVersion: string;
  /** `uname -m`. */
  readonly machine: string;
  /** Go's architecture name. */
  readonly goArch: string;
  readonly nCpus: number;
  readonly memoryBytes: number;
  readonly cgroupVersion: '1' | '2';
  readonly hasIpv4Forwarding: boolean;
  readonly hasSwapLimit: boolean;
  readonly hasSeccomp: boolean;
  readonly nOpenFiles: number;
}

export interface SystemReportOptions {
  readonly root: string;
  readonly registryMirrors: readonly string[];
}

/** Reads or makes the engine's id; the rest is read when asked. */
export function systemReport(options: SystemReportOptions): SystemReport {
  return {
    engineId: readEngineId(join(options.root, 'engine-id')),
    root: options.root,
    version: NARU_VERSION,
    registryMirrors: options.registryMirrors,
    host: readHost,
  };
}

function readEngineId(path: string): string {
  const known = readText(path).trim();
  if (known !== '') return known;
  const made = randomUUID();
  writeFileSync(path, `${made}\n`);
  return made;
}

function readHost(): HostFacts {
  const osRelease = readOsRelease();
  const isUnified = existsSync('/sys/fs/cgroup/cgroup.controllers');
  return {
    name: hostname(),
    kernelVersion: release(),
    operatingSystem: osRelease.get('PRETTY_NAME') ?? 'Linux',
    osVersion: osRelease.get('VERSION_ID') ?? '',
    machine: machine(),
    goArch: goArch(),
    nCpus: cpus().length,
    memoryBytes: totalmem(),
    cgroupVersion: isUnified ? '2' : '1',
    hasIpv4Forwarding: readText('/proc/sys/net/ipv4/ip_forward').trim() === '1',
    hasSwapLimit: isUnified || existsSync('/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes'),
    hasSeccomp: /^Seccomp:/m.test(readText('/proc/self/status')),
    nOpenFiles: Number(readText('/proc/sys/fs/file-nr').split('\t')[0] ?? 0),
  };
}

function readOsRelease(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of readText('/etc/os-release').split('\n')) {
    const at = line.indexOf('=');
    if (at > 0) found.set(line.slice(0, at), line.slice(at + 1).replaceAll(/^["']|["']$/g, ''));
  }
  return found;
}

/** '' for what this kernel or host does not have. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
