/** Limits that cannot be meant, in dockerd's words (moby daemon/daemon_unix.go, verifyPlatformContainerResources). */

import { NaruError } from '../../../../core/errors.ts';
import type { ResourceOptions } from '../container.ts';
import { checkCpusets } from './check-cpusets.ts';

const MIN_MEMORY_BYTES = 6 * 1024 * 1024;

/** `nCpus` of the machine bound `--cpus`. @throws invalid-argument */
export function checkResources(resources: ResourceOptions, nCpus: number): void {
  const { memoryBytes = 0, memorySwapBytes = 0, memoryReservationBytes = 0, nanoCpus = 0 } = resources;
  if (memoryBytes !== 0 && memoryBytes < MIN_MEMORY_BYTES) throw wrong('Minimum memory limit allowed is 6MB');
  if (memorySwapBytes > 0 && memoryBytes === 0) {
    throw wrong('You should always set the Memory limit when using Memoryswap limit, see usage');
  }
  if (memorySwapBytes > 0 && memorySwapBytes < memoryBytes) {
    throw wrong('Minimum memoryswap limit should be larger than memory limit, see usage');
  }
  if (memoryReservationBytes !== 0 && memoryReservationBytes < MIN_MEMORY_BYTES) {
    throw wrong('Minimum memory reservation allowed is 6MB');
  }
  if (memoryReservationBytes > 0 && memoryBytes > 0 && memoryBytes < memoryReservationBytes) {
    throw wrong('Minimum memory limit can not be less than memory reservation limit, see usage');
  }
  const { memorySwappiness = 0 } = resources;
  if (memorySwappiness < -1 || memorySwappiness > 100) {
    throw wrong(`Invalid value: ${memorySwappiness}, valid memory swappiness range is 0-100`);
  }
  checkCpus(resources, nanoCpus, nCpus);
  checkCpusets(resources);
}

function checkCpus(resources: ResourceOptions, nanoCpus: number, nCpus: number): void {
  if (nanoCpus !== 0 && (resources.cpuPeriodUs ?? 0) > 0) {
    throw wrong('Conflicting options: Nano CPUs and CPU Period cannot both be set');
  }
  if (nanoCpus !== 0 && (resources.cpuQuotaUs ?? 0) > 0) {
    throw wrong('Conflicting options: Nano CPUs and CPU Quota cannot both be set');
  }
  if (nanoCpus < 0 || nanoCpus > nCpus * 1e9) {
    const text = `range of CPUs is from 0.01 to ${nCpus}.00, as there are only ${nCpus} CPUs available`;
    throw wrong(text);
  }
  const { cpuPeriodUs = 0, cpuQuotaUs = 0 } = resources;
  if (cpuPeriodUs !== 0 && (cpuPeriodUs < 1000 || cpuPeriodUs > 1_000_000)) {
    throw wrong('CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)');
  }
  if (cpuQuotaUs > 0 && cpuQuotaUs < 1000) {
    throw wrong('CPU cfs quota can not be less than 1ms (i.e. 1000)');
  }
}

function wrong(text: string): NaruError {
  return new NaruError('invalid-argument', 'E_RESOURCES', text);
}
