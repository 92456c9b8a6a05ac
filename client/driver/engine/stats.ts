/** What containers use right now. */

import { type Decoder, integer, listOf, mapOf, object, string } from '../../../core/engine-api/decode.ts';
import type { EngineConnection } from './connection.ts';
import { containerPath } from './containers.ts';

/** One look. Two of them tell how busy it was in between: `cpuPercent`. */
export interface ContainerStats {
  readonly id: string;
  readonly name: string;
  /** Of the container and of the whole host since it started, in nanoseconds. */
  readonly cpu: { readonly usedNs: number; readonly hostNs: number; readonly nCpus: number };
  /** Without what the kernel could drop at once; the limit is the host's memory where none was set. */
  readonly memory: { readonly usedBytes: number; readonly limitBytes: number };
  readonly network: { readonly receivedBytes: number; readonly sentBytes: number };
  readonly blocks: { readonly readBytes: number; readonly writtenBytes: number };
  readonly nProcesses: number;
}

interface StatsWire {
  readonly id: string;
  readonly name: string;
  readonly cpu_stats: {
    readonly cpu_usage: { readonly total_usage: number; readonly percpu_usage: readonly number[] };
    readonly system_cpu_usage: number;
    readonly online_cpus: number;
  };
  readonly memory_stats: {
    readonly usage: number;
    readonly limit: number;
    readonly stats: { readonly inactive_file: number; readonly total_inactive_file: number };
  };
  readonly networks: Readonly<Record<string, { readonly rx_bytes: number; readonly tx_bytes: number }>>;
  readonly blkio_stats: {
    readonly io_service_bytes_recursive: readonly { readonly op: string; readonly value: number }[];
  };
  readonly pids_stats: { readonly current: number };
}

const decodeStats: Decoder<StatsWire> = object<StatsWire>({
  id: string,
  name: string,
  cpu_stats: object({
    cpu_usage: object({ total_usage: integer, percpu_usage: listOf(integer) }),
    system_cpu_usage: integer,
    online_cpus: integer,
  }),
  memory_stats: object({
    usage: integer,
    limit: integer,
    stats: object({ inactive_file: integer, total_inactive_file: integer }),
  }),
  networks: mapOf(object({ rx_bytes: integer, tx_bytes: integer })),
  blkio_stats: object({ io_service_bytes_recursive: listOf(object({ op: string, value: integer })) }),
  pids_stats: object({ current: integer }),
});

/** All zero while it does not run. @throws NaruError "not-found" */
export async function containerStats(engine: EngineConnection, id: string): Promise<ContainerStats> {
  const query = { stream: false, 'one-shot': true };
  const wire = await engine.json({ method: 'GET', path: `${containerPath(id)}/stats`, query }, decodeStats);
  const { cpu_stats: cpu, memory_stats: memory } = wire;
  const networks = Object.values(wire.networks);
  const blocks = wire.blkio_stats.io_service_bytes_recursive;
  return {
    id: wire.id,
    name: wire.name.replace(/^\//, ''),
    cpu: {
      usedNs: cpu.cpu_usage.total_usage,
      hostNs: cpu.system_cpu_usage,
      nCpus: cpu.online_cpus || cpu.cpu_usage.percpu_usage.length,
    },
    memory: { usedBytes: usedMemory(memory), limitBytes: memory.limit },
    network: {
      receivedBytes: sum(networks.map(({ rx_bytes }) => rx_bytes)),
      sentBytes: sum(networks.map(({ tx_bytes }) => tx_bytes)),
    },
    blocks: {
      readBytes: sum(blocks.filter(({ op }) => /^r/i.test(op)).map(({ value }) => value)),
      writtenBytes: sum(blocks.filter(({ op }) => /^w/i.test(op)).map(({ value }) => value)),
    },
    nProcesses: wire.pids_stats.current,
  };
}

/** Of one CPU: a container that keeps two busy is at 200. As docker's CLI computes it (docker 28.2.2). */
export function cpuPercent(earlier: ContainerStats, later: ContainerStats): number {
  const usedNs = later.cpu.usedNs - earlier.cpu.usedNs;
  const hostNs = later.cpu.hostNs - earlier.cpu.hostNs;
  if (usedNs <= 0 || hostNs <= 0 || earlier.cpu.hostNs === 0) return 0;
  return (usedNs / hostNs) * later.cpu.nCpus * 100;
}

/** Docker: the page cache that is not in use counts as free; its name is another one in cgroup v1 and v2 (docker 28.2.2). */
function usedMemory({ usage, stats }: StatsWire['memory_stats']): number {
  const unused = stats.total_inactive_file || stats.inactive_file;
  return unused < usage ? usage - unused : usage;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
