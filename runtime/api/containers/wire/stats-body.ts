/** One object of `GET /containers/{id}/stats`, in the shape docker CLI computes its percentages from. */

import type { ContainerRecord } from '../../../engine/containers/container.ts';
import type { StatsSample } from '../../../engine/containers/requests.ts';

export type StatsSubject = Pick<ContainerRecord, 'id' | 'name'>;

const ZERO_TIME = '0001-01-01T00:00:00Z';

/** Zeros where there is no sample: the container does not run. */
export function statsBody(
  subject: StatsSubject,
  sample: StatsSample | undefined,
  previous: StatsSample | undefined,
): Readonly<Record<string, unknown>> {
  return {
    name: `/${subject.name}`,
    id: subject.id,
    read: sample?.readAt.toISOString() ?? ZERO_TIME,
    preread: previous?.readAt.toISOString() ?? ZERO_TIME,
    num_procs: 0,
    pids_stats: sample === undefined ? {} : pidsBody(sample),
    cpu_stats: cpuBody(sample),
    precpu_stats: cpuBody(previous),
    memory_stats: sample === undefined ? {} : memoryBody(sample),
    blkio_stats: blockIoBody(sample),
    storage_stats: {},
    ...(sample === undefined ? {} : { networks: networksBody(sample) }),
  };
}

function pidsBody({ pids }: StatsSample): Readonly<Record<string, number>> {
  return { current: pids.current, ...(pids.limit > 0 ? { limit: pids.limit } : {}) };
}

function cpuBody(sample: StatsSample | undefined): Readonly<Record<string, unknown>> {
  const cpu = sample?.cpu;
  return {
    cpu_usage: {
      total_usage: cpu?.totalNs ?? 0,
      ...(cpu === undefined || cpu.perCpuNs.length === 0 ? {} : { percpu_usage: cpu.perCpuNs }),
      usage_in_kernelmode: cpu?.systemNs ?? 0,
      usage_in_usermode: cpu?.userNs ?? 0,
    },
    ...(cpu === undefined ? {} : { system_cpu_usage: cpu.hostTotalNs, online_cpus: cpu.nOnlineCpus }),
    throttling_data: {
      periods: cpu?.nPeriods ?? 0,
      throttled_periods: cpu?.nThrottledPeriods ?? 0,
      throttled_time: cpu?.throttledNs ?? 0,
    },
  };
}

function memoryBody({ memory }: StatsSample): Readonly<Record<string, unknown>> {
  return {
    usage: memory.usageBytes,
    max_usage: memory.maxUsageBytes,
    failcnt: memory.failCount,
    limit: memory.limitBytes,
    stats: memory.stats,
  };
}

function blockIoBody(sample: StatsSample | undefined): Readonly<Record<string, unknown>> {
  const bytes = sample?.blockIo.map(({ major, minor, op, bytes: value }) => ({ major, minor, op, value }));
  return {
    io_service_bytes_recursive: bytes ?? null,
    io_serviced_recursive: null,
    io_queue_recursive: null,
    io_service_time_recursive: null,
    io_wait_time_recursive: null,
    io_merged_recursive: null,
    io_time_recursive: null,
    sectors_recursive: null,
  };
}

function networksBody(sample: StatsSample): Readonly<Record<string, unknown>> {
  const rows = Object.entries(sample.networks).map(([name, counters]) => [
    name,
    {
      rx_bytes: counters.rxBytes,
      rx_packets: counters.rxPackets,
      rx_errors: counters.rxErrors,
      rx_dropped: counters.rxDropped,
      tx_bytes: counters.txBytes,
      tx_packets: counters.txPackets,
      tx_errors: counters.txErrors,
      tx_dropped: counters.txDropped,
    },
  ]);
  return Object.fromEntries(rows) as Readonly<Record<string, unknown>>; // pairs of name and counters
}
