/**
 * What a container's control groups count: cgroup v1 (also hybrid hosts) and v2.
 * Sources: kernel docs admin-guide/cgroup-v1/{memory,cpuacct,blkio-controller}.rst and cgroup-v2.rst. Missing files count as zero.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';
/** USER_HZ, in which v1's cpuacct.stat and /proc/stat count; 100 on every Linux we run on. */
const NS_PER_TICK = 10_000_000;

export interface CgroupUsage {
  readonly cpu: {
    readonly totalNs: number;
    readonly userNs: number;
    readonly systemNs: number;
    readonly perCpuNs: readonly number[];
    readonly nPeriods: number;
    readonly nThrottledPeriods: number;
    readonly throttledNs: number;
  };
  readonly memory: {
    readonly usageBytes: number;
    readonly maxUsageBytes: number;
    /** Infinity without a limit. */
    readonly limitBytes: number;
    readonly failCount: number;
    /** The kernel's `memory.stat`, names as there. */
    readonly stats: Readonly<Record<string, number>>;
  };
  readonly pids: { readonly current: number; readonly limit: number };
  readonly blockIo: readonly {
    readonly major: number;
    readonly minor: number;
    /** `Read`, `Write` … as the kernel says. */
    readonly op: string;
    readonly bytes: number;
  }[];
}

/** `path` is the container's, as in its config.json. */
export function readCgroupUsage(path: string): CgroupUsage {
  return existsSync(join(ROOT, 'cgroup.controllers')) ? readUnified(join(ROOT, path)) : readLegacy(path);
}

/** Of the whole machine, from /proc/stat. */
export function readHostCpuNs(): number {
  const line = readText('/proc/stat').split('\n')[0] ?? '';
  // user nice system idle iowait irq softirq steal; guest time is part of user.
  const ticks = line.split(/\s+/).slice(1, 9).map(Number);
  return ticks.reduce((sum, value) => sum + value, 0) * NS_PER_TICK;
}

function readLegacy(path: string): CgroupUsage {
  const at = (controller: string, file: string): string => readText(join(ROOT, controller, path, file));
  const cpuStat = keyed(at('cpu', 'cpu.stat'));
  const ticks = keyed(at('cpuacct', 'cpuacct.stat'));
  return {
    cpu: {
      totalNs: number(at('cpuacct', 'cpuacct.usage')),
      userNs: (ticks['user'] ?? 0) * NS_PER_TICK,
      systemNs: (ticks['system'] ?? 0) * NS_PER_TICK,
      perCpuNs: at('cpuacct', 'cpuacct.usage_percpu').split(/\s+/).filter(Boolean).map(Number),
      nPeriods: cpuStat['nr_periods'] ?? 0,
      nThrottledPeriods: cpuStat['nr_throttled'] ?? 0,
      throttledNs: cpuStat['throttled_time'] ?? 0,
    },
    memory: {
      usageBytes: number(at('memory', 'memory.usage_in_bytes')),
      maxUsageBytes: number(at('memory', 'memory.max_usage_in_bytes')),
      limitBytes: number(at('memory', 'memory.limit_in_bytes')),
      failCount: number(at('memory', 'memory.failcnt')),
      stats: keyed(at('memory', 'memory.stat')),
    },
    pids: { current: number(at('pids', 'pids.current')), limit: number(at('pids', 'pids.max')) },
    blockIo: parseLegacyIo(at('blkio', 'blkio.throttle.io_service_bytes')),
  };
}

function readUnified(directory: string): CgroupUsage {
  const at = (file: string): string => readText(join(directory, file));
  const cpu = keyed(at('cpu.stat'));
  const micro = (name: string): number => (cpu[name] ?? 0) * 1000;
  return {
    cpu: {
      totalNs: micro('usage_usec'),
      userNs: micro('user_usec'),
      systemNs: micro('system_usec'),
      perCpuNs: [],
      nPeriods: cpu['nr_periods'] ?? 0,
      nThrottledPeriods: cpu['nr_throttled'] ?? 0,
      throttledNs: micro('throttled_usec'),
    },
    memory: {
      usageBytes: number(at('memory.current')),
      maxUsageBytes: number(at('memory.peak')),
      limitBytes: number(at('memory.max')),
      failCount: keyed(at('memory.events'))['max'] ?? 0,
      stats: keyed(at('memory.stat')),
    },
    pids: { current: number(at('pids.current')), limit: number(at('pids.max')) },
    blockIo: parseUnifiedIo(at('io.stat')),
  };
}

/** `8:0 Read 4096` lines; the last, `Total`, has no device. */
function parseLegacyIo(text: string): CgroupUsage['blockIo'] {
  return [...text.matchAll(/^(\d+):(\d+) (\w+) (\d+)$/gm)].map(([, major, minor, op = '', bytes]) => ({
    major: Number(major),
    minor: Number(minor),
    op,
    bytes: Number(bytes),
  }));
}

/** `8:0 rbytes=1 wbytes=2 …` lines. */
function parseUnifiedIo(text: string): CgroupUsage['blockIo'] {
  return text.split('\n').flatMap((line) => {
    const device = /^(\d+):(\d+) /.exec(line);
    if (device === null) return [];
    const base = { major: Number(device[1]), minor: Number(device[2]) };
    const count = (name: string): number => Number(new RegExp(` ${name}=(\\d+)`).exec(line)?.[1] ?? 0);
    return [
      { ...base, op: 'read', bytes: count('rbytes') },
      { ...base, op: 'write', bytes: count('wbytes') },
    ];
  });
}

/** `name value` lines. */
function keyed(text: string): Readonly<Record<string, number>> {
  const pairs = text.split('\n').map((line) => line.split(' '));
  return Object.fromEntries(
    pairs.flatMap(([name, value]) =>
      name === undefined || value === undefined ? [] : [[name, Number(value)]],
    ),
  );
}

function number(text: string): number {
  if (text.trim() === 'max') return Number.POSITIVE_INFINITY;
  return Number(text.trim()) || 0;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // The controller is not mounted, or the container has just ended.
    return '';
  }
}
