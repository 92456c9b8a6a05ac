/** `GET /containers/{id}/stats`: one sample of the counters of a running container. */

import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';

import { readCgroupUsage, readHostCpuNs } from '../../../oci-runtime/cgroup-stats.ts';
import type { ContainerEntry } from '../container-entry.ts';
import type { ContainerParts } from '../parts.ts';
import type { NetworkCounters, StatsSample } from '../requests.ts';
import { cgroupPathOf } from '../run/cgroup-path.ts';

/** Undefined when it does not run. */
export function sampleStats(parts: ContainerParts, entry: ContainerEntry): StatsSample | undefined {
  if (!entry.isRunning) return undefined;
  const usage = readCgroupUsage(cgroupPathOf(parts, entry.record));
  return {
    readAt: new Date(),
    cpu: { ...usage.cpu, hostTotalNs: readHostCpuNs(), nOnlineCpus: availableParallelism() },
    // Docker: without a limit the machine's memory is the limit.
    memory: { ...usage.memory, limitBytes: Math.min(usage.memory.limitBytes, totalmem()) },
    pids: { ...usage.pids, limit: Number.isFinite(usage.pids.limit) ? usage.pids.limit : 0 },
    networks: readNetworks(entry),
    blockIo: usage.blockIo,
  };
}

/** Interfaces of the container's network namespace, without the loopback; none when it shares the host's. */
function readNetworks(entry: ContainerEntry): Readonly<Record<string, NetworkCounters>> {
  if (entry.record.host.networkMode === 'host') return {};
  try {
    return parseNetDev(readFileSync(`/proc/${entry.state.pid}/net/dev`, 'utf8'));
  } catch {
    // It has just ended.
    return {};
  }
}

/** /proc/net/dev: eight receive and eight transmit counters per interface (proc_net(5)). */
export function parseNetDev(text: string): Readonly<Record<string, NetworkCounters>> {
  const rows = text.split('\n').flatMap((line) => {
    const match = /^\s*([^:\s]+):\s*(.+)$/.exec(line);
    const name = match?.[1];
    if (name === undefined || name === 'lo') return [];
    const counts = (match?.[2] ?? '').trim().split(/\s+/).map(Number);
    const at = (index: number): number => counts[index] ?? 0;
    const counters: NetworkCounters = {
      rxBytes: at(0),
      rxPackets: at(1),
      rxErrors: at(2),
      rxDropped: at(3),
      txBytes: at(8),
      txPackets: at(9),
      txErrors: at(10),
      txDropped: at(11),
    };
    return [[name, counters] as const];
  });
  return Object.fromEntries(rows);
}
