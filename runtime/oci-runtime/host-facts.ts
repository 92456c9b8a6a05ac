/** What this machine and this process allow, read once at the start of the engine from /proc and /sys. */

import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';

import type { HostFacts } from './config.ts';

/** Names in /proc/self/limits (proc_pid_limits(5)) -> OCI types. */
const LIMIT_NAMES: Readonly<Record<string, string>> = {
  'Max address space': 'RLIMIT_AS',
  'Max core file size': 'RLIMIT_CORE',
  'Max cpu time': 'RLIMIT_CPU',
  'Max data size': 'RLIMIT_DATA',
  'Max file size': 'RLIMIT_FSIZE',
  'Max file locks': 'RLIMIT_LOCKS',
  'Max locked memory': 'RLIMIT_MEMLOCK',
  'Max msgqueue size': 'RLIMIT_MSGQUEUE',
  'Max nice priority': 'RLIMIT_NICE',
  'Max open files': 'RLIMIT_NOFILE',
  'Max processes': 'RLIMIT_NPROC',
  'Max resident set': 'RLIMIT_RSS',
  'Max realtime priority': 'RLIMIT_RTPRIO',
  'Max realtime timeout': 'RLIMIT_RTTIME',
  'Max pending signals': 'RLIMIT_SIGPENDING',
  'Max stack size': 'RLIMIT_STACK',
};

const CAP_SYS_RESOURCE = 24n;

export function readHostFacts(): HostFacts {
  const boundingMask = parseBounding(readFileSync('/proc/self/status', 'utf8'));
  const canRaise = ((boundingMask >> CAP_SYS_RESOURCE) & 1n) === 1n;
  return {
    boundingMask,
    // With CAP_SYS_RESOURCE hard limits are no limits.
    hardLimits: canRaise ? new Map() : parseLimits(readFileSync('/proc/self/limits', 'utf8')),
    arch: process.arch,
    kernelRelease: release(),
    hasSwapLimit:
      existsSync('/sys/fs/cgroup/cgroup.controllers') ||
      existsSync('/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes'),
  };
}

/** The CapBnd line of /proc/self/status. */
function parseBounding(status: string): bigint {
  const hex = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0';
  return BigInt(`0x${hex}`);
}

/** Hard limits by OCI type; unlimited ones are left out. */
function parseLimits(text: string): ReadonlyMap<string, number> {
  const limits = new Map<string, number>();
  for (const line of text.split('\n')) {
    const match = /^(Max .+?)\s{2,}(\S+)\s+(\d+)\b/.exec(line);
    const type = LIMIT_NAMES[match?.[1] ?? ''];
    if (type !== undefined) limits.set(type, Number(match?.[3]));
  }
  return limits;
}
