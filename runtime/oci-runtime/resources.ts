/** Limits of a container as OCI resources (config-linux.md §Control groups), by Docker's rules. Pure; paths of devices are already numbers. */

import type { OciDeviceRule, OciResources, OciThrottle } from './runtime-spec.ts';

export interface DeviceNumber {
  readonly major: number;
  readonly minor: number;
}

/** Limits that need no device; 0 and absent mean "no limit". */
export interface Limits {
  readonly memoryBytes?: number;
  /** Memory plus swap; -1 is unlimited swap. */
  readonly memorySwapBytes?: number;
  readonly memoryReservationBytes?: number;
  readonly memorySwappiness?: number;
  readonly oomKillDisable?: boolean;
  readonly nanoCpus?: number;
  readonly cpuShares?: number;
  readonly cpuPeriodUs?: number;
  readonly cpuQuotaUs?: number;
  readonly cpuRealtimePeriodUs?: number;
  readonly cpuRealtimeRuntimeUs?: number;
  readonly cpusetCpus?: string;
  readonly cpusetMems?: string;
  readonly pidsLimit?: number;
  readonly blkioWeight?: number;
}

/** Per-device limits with the device found. */
export interface DeviceLimits {
  readonly weights: readonly (DeviceNumber & { readonly weight: number })[];
  readonly readBps: readonly OciThrottle[];
  readonly writeBps: readonly OciThrottle[];
  readonly readIops: readonly OciThrottle[];
  readonly writeIops: readonly OciThrottle[];
}

export const NO_DEVICE_LIMITS: DeviceLimits = {
  weights: [],
  readBps: [],
  writeBps: [],
  readIops: [],
  writeIops: [],
};

/** Scheduler period that Docker uses for `--cpus`, in microseconds. */
const CPUS_PERIOD_US = 100_000;

/** `hasSwapLimit`: the kernel can limit swap; otherwise that part is left out, as Docker warns. */
export function makeResources(
  limits: Limits,
  devices: readonly OciDeviceRule[],
  deviceLimits: DeviceLimits,
  hasSwapLimit: boolean,
): OciResources {
  return {
    devices,
    ...section('memory', memoryLimits(limits, hasSwapLimit)),
    ...section('cpu', cpuLimits(limits)),
    ...(limits.pidsLimit !== undefined && limits.pidsLimit > 0 ? { pids: { limit: limits.pidsLimit } } : {}),
    ...section('blockIO', blockLimits(limits, deviceLimits)),
  };
}

function memoryLimits(limits: Limits, hasSwapLimit: boolean): NonNullable<OciResources['memory']> {
  const memory = limits.memoryBytes ?? 0;
  // Docker: without --memory-swap a limited container may swap as much again as it may use.
  const swap =
    limits.memorySwapBytes === undefined || limits.memorySwapBytes === 0
      ? memory * 2
      : limits.memorySwapBytes;
  return {
    ...(memory > 0 ? { limit: memory } : {}),
    ...(hasSwapLimit && memory > 0 ? { swap } : {}),
    ...positive('reservation', limits.memoryReservationBytes),
    ...(limits.memorySwappiness !== undefined && limits.memorySwappiness >= 0
      ? { swappiness: limits.memorySwappiness }
      : {}),
    ...(limits.oomKillDisable === true ? { disableOOMKiller: true } : {}),
  };
}

function cpuLimits(limits: Limits): NonNullable<OciResources['cpu']> {
  const nanoCpus = limits.nanoCpus ?? 0;
  const quota =
    nanoCpus > 0
      ? { quota: Math.round((nanoCpus * CPUS_PERIOD_US) / 1e9), period: CPUS_PERIOD_US }
      : { ...nonZero('quota', limits.cpuQuotaUs), ...positive('period', limits.cpuPeriodUs) };
  return {
    ...positive('shares', limits.cpuShares),
    ...quota,
    ...nonZero('realtimeRuntime', limits.cpuRealtimeRuntimeUs),
    ...positive('realtimePeriod', limits.cpuRealtimePeriodUs),
    ...(limits.cpusetCpus === undefined || limits.cpusetCpus === '' ? {} : { cpus: limits.cpusetCpus }),
    ...(limits.cpusetMems === undefined || limits.cpusetMems === '' ? {} : { mems: limits.cpusetMems }),
  };
}

function blockLimits(limits: Limits, devices: DeviceLimits): NonNullable<OciResources['blockIO']> {
  return {
    ...positive('weight', limits.blkioWeight),
    ...filled('weightDevice', devices.weights),
    ...filled('throttleReadBpsDevice', devices.readBps),
    ...filled('throttleWriteBpsDevice', devices.writeBps),
    ...filled('throttleReadIOPSDevice', devices.readIops),
    ...filled('throttleWriteIOPSDevice', devices.writeIops),
  };
}

function section<K extends string, T extends object>(key: K, value: T): { readonly [P in K]?: T } {
  return only(key, Object.keys(value).length > 0 ? value : undefined);
}

function filled<K extends string, T>(key: K, list: readonly T[]): { readonly [P in K]?: readonly T[] } {
  return only(key, list.length > 0 ? list : undefined);
}

function positive<K extends string>(key: K, value: number | undefined): { readonly [P in K]?: number } {
  return only(key, value !== undefined && value > 0 ? value : undefined);
}

/** Quotas may be negative: -1 lifts the limit. */
function nonZero<K extends string>(key: K, value: number | undefined): { readonly [P in K]?: number } {
  return only(key, value === 0 ? undefined : value);
}

function only<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  // The computed key is exactly K; TypeScript widens it to string.
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: T };
}
