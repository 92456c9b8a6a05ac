/** The flags of `naru run` and `naru create` as a container specification. */

import { resolve } from 'node:path';

import { NaruError } from '../../../core/errors.ts';
import type { ContainerSpec, HealthSpec, PortRequest } from '../../driver/engine/container-spec.ts';
import type { CliIo } from '../io.ts';
import { parseExtraHost, parseMacAddress, parseNameServer } from './addresses.ts';
import { parseDevice, parseDeviceRate, parseDeviceRule, parseDeviceWeight } from './device.ts';
import { parseDuration } from './duration.ts';
import { parseMount } from './mount.ts';
import { readNameFiles } from './name-file.ts';
import { networksOf } from './network.ts';
import { parsePort } from './port.ts';
import { parseAssignments, parseBytes, parseNumber, parsePairs } from './quantity.ts';
import { parseRestart } from './restart.ts';
import type { RunFlags } from './run-flags.ts';
import { parseUlimit } from './ulimit.ts';

/** @throws NaruError "invalid-argument" naming the flag at fault */
export async function specOf(
  image: string,
  args: readonly string[],
  flags: RunFlags,
  io: CliIo,
): Promise<ContainerSpec> {
  refuseGpus(flags);
  const env = [...(await readNameFiles('--env-file', flags.envFile, io)), ...flags.env];
  const labels = [...(await readNameFiles('--label-file', flags.labelFile, io)), ...flags.label];
  return withoutAbsent({
    ...limitsOf(flags),
    ...networkOf(flags),
    ...securityOf(flags),
    image,
    name: flags.name,
    command: args.length > 0 ? args : undefined,
    entrypoint:
      flags.entrypoint === undefined ? undefined : flags.entrypoint === '' ? [''] : [flags.entrypoint],
    env: [...parseAssignments(env, io.env)].map(([name, value]) => `${name}=${value}`),
    labels: parsePairs(labels),
    ports: [...flags.publish.flatMap(parsePort), ...flags.expose.flatMap(parseExposed)],
    publishesAll: flags.publishAll,
    binds: flags.volume.map((text) => absoluteVolume(text, io.cwd)),
    mounts: listed(flags.mount.map((text) => parseMount(text, (path) => resolve(io.cwd, path)))),
    tmpfs: Object.fromEntries(flags.tmpfs.map(splitTmpfs)),
    volumesFrom: listed(flags.volumesFrom),
    volumeDriver: flags.volumeDriver,
    user: flags.user,
    groups: listed(flags.groupAdd),
    workingDirectory: flags.workdir,
    isTty: flags.tty,
    hasStdin: flags.interactive,
    isRemovedOnExit: flags.rm,
    restart: flags.restart === undefined ? undefined : parseRestart(flags.restart),
    health: healthOf(flags),
    hasInit: flags.init,
    stopSignal: flags.stopSignal,
    stopTimeoutSeconds: number('--stop-timeout', flags.stopTimeout),
    platform: flags.platform,
    logDriver: flags.logDriver,
    logOptions: flags.logOpt.length === 0 ? undefined : parsePairs(flags.logOpt),
    annotations: flags.annotation.length === 0 ? undefined : parsePairs(flags.annotation),
    runtime: flags.runtime,
  });
}

function refuseGpus({ gpus }: RunFlags): void {
  if (gpus === undefined) return;
  throw new NaruError('unimplemented', 'E_GPUS', '--gpus: GPUs are not supported yet', {
    hint: '--device passes a device of the host on, such as --device /dev/dri',
  });
}

/** Fields whose flag was not given are undefined, and left out at the end. */
type Loose<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

function limitsOf(flags: RunFlags): Loose<ContainerSpec> {
  return {
    memoryBytes: bytes('--memory', flags.memory),
    memorySwapBytes: flags.memorySwap === '-1' ? -1 : bytes('--memory-swap', flags.memorySwap),
    memoryReservationBytes: bytes('--memory-reservation', flags.memoryReservation),
    cpus: number('--cpus', flags.cpus),
    cpuShares: number('--cpu-shares', flags.cpuShares),
    cpuPeriodUs: number('--cpu-period', flags.cpuPeriod),
    cpuQuotaUs: number('--cpu-quota', flags.cpuQuota),
    cpusetCpus: flags.cpusetCpus,
    cpusetMems: flags.cpusetMems,
    blkioWeight: number('--blkio-weight', flags.blkioWeight),
    blkioDeviceWeights: listed(flags.blkioWeightDevice.map(parseDeviceWeight)),
    deviceReadBps: listed(flags.deviceReadBps.map((text) => parseDeviceRate('--device-read-bps', text))),
    deviceWriteBps: listed(flags.deviceWriteBps.map((text) => parseDeviceRate('--device-write-bps', text))),
    deviceReadIops: listed(flags.deviceReadIops.map((text) => parseDeviceRate('--device-read-iops', text))),
    deviceWriteIops: listed(
      flags.deviceWriteIops.map((text) => parseDeviceRate('--device-write-iops', text)),
    ),
    memorySwappiness: number('--memory-swappiness', flags.memorySwappiness),
    pidsLimit: number('--pids-limit', flags.pidsLimit),
    shmBytes: bytes('--shm-size', flags.shmSize),
    ulimits: listed(flags.ulimit.map(parseUlimit)),
    isOomKillDisabled: flags.oomKillDisable,
    oomScoreAdjustment: number('--oom-score-adj', flags.oomScoreAdj),
  };
}

function networkOf(flags: RunFlags): Loose<ContainerSpec> {
  return {
    networks: listed(networksOf(flags)),
    macAddress: flags.macAddress === undefined ? undefined : parseMacAddress(flags.macAddress),
    hostname: flags.hostname,
    domainname: flags.domainname,
    extraHosts: flags.addHost.map(parseExtraHost).map(({ name, address }) => `${name}:${address}`),
    dns: flags.dns.map(parseNameServer),
    dnsOptions: listed([...flags.dnsOption, ...flags.dnsOpt]),
    dnsSearch: listed(flags.dnsSearch),
    links: listed(flags.link),
  };
}

function securityOf(flags: RunFlags): Loose<ContainerSpec> {
  return {
    isPrivileged: flags.privileged,
    addedCapabilities: flags.capAdd,
    droppedCapabilities: flags.capDrop,
    securityOptions: flags.securityOpt,
    isRootReadonly: flags.readOnly,
    devices: listed(flags.device.map(parseDevice)),
    deviceRules: listed(flags.deviceCgroupRule.map(parseDeviceRule)),
    sysctls: flags.sysctl.length === 0 ? undefined : parsePairs(flags.sysctl),
    pidMode: flags.pid,
    ipcMode: flags.ipc,
    utsMode: flags.uts,
    usernsMode: flags.userns,
    cgroupnsMode: flags.cgroupns,
    cgroupParent: flags.cgroupParent,
  };
}

function healthOf(flags: RunFlags): HealthSpec | undefined {
  const health = withoutUndefined({
    command: flags.healthCmd,
    intervalMs: duration('--health-interval', flags.healthInterval),
    timeoutMs: duration('--health-timeout', flags.healthTimeout),
    startPeriodMs: duration('--health-start-period', flags.healthStartPeriod),
    startIntervalMs: duration('--health-start-interval', flags.healthStartInterval),
    nRetries: number('--health-retries', flags.healthRetries),
  });
  const isSilent = Object.keys(health).length === 0;
  if (flags.healthcheck) return isSilent ? undefined : health;
  if (isSilent) return { command: '' };
  throw new NaruError('invalid-argument', 'E_HEALTH', '--no-healthcheck conflicts with --health-* options');
}

/** Leaves out what was not said, so that the engine's defaults hold. */
function withoutAbsent(spec: Loose<ContainerSpec> & { readonly image: string }): ContainerSpec {
  return { ...withoutUndefined(spec), image: spec.image };
}

function withoutUndefined<T extends object>(fields: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const said = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as { [Key in keyof T]?: Exclude<T[Key], undefined> }; // the same keys, fewer values
}

function listed<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items;
}

function bytes(option: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseBytes(option, text);
}

function number(option: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseNumber(option, text);
}

function duration(option: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDuration(option, text);
}

/** `80`, `80/udp`, `8000-8010`. */
function parseExposed(text: string): readonly PortRequest[] {
  return parsePort(text).map(({ containerPort, protocol }) => ({ containerPort, protocol }));
}

/** A volume's source may be relative to here, as docker's CLI allows with `./`. */
function absoluteVolume(text: string, cwd: string): string {
  if (!text.startsWith('.')) return text;
  const at = text.indexOf(':');
  const source = at < 0 ? text : text.slice(0, at);
  return `${resolve(cwd, source)}${at < 0 ? '' : text.slice(at)}`;
}

function splitTmpfs(text: string): readonly [string, string] {
  const at = text.indexOf(':');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
