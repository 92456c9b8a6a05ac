/** Settings of a container that cannot be meant, refused at create in dockerd's words (28.5.2, measured). Limits are in check-resources.ts. */

import type { HealthcheckConfig } from '../../../../core/oci/image-config.ts';
import { NaruError } from '../../../../core/errors.ts';
import type { HostOptions } from '../container.ts';
import type { CreateRequest } from '../requests.ts';
import { signalNumber } from '../run/signals.ts';

/** Of the request alone: what an image says is not judged. @throws NaruError "invalid-argument" */
export function checkSettings({ config, host, networks = [] }: CreateRequest): void {
  if (config.stopSignal !== undefined && config.stopSignal !== '') signalNumber(config.stopSignal);
  if (config.healthcheck !== undefined) checkHealth(config.healthcheck);
  for (const { name, value, allowed, joins } of modesOf(host)) {
    const isKnown = allowed.includes(value) || (joins && /^container:.+/.test(value));
    if (!isKnown) throw wrong(`invalid ${name}: ${value}`);
  }
  for (const { macAddress = '' } of [config, ...networks]) {
    if (macAddress !== '' && !MAC_ADDRESS.test(macAddress)) throw wrong(`invalid MAC address: ${macAddress}`);
  }
  const { isolation = '', oomScoreAdj = 0, shmSizeBytes = 0 } = host;
  if (!['', 'default'].includes(isolation.toLowerCase())) {
    throw wrong(`invalid isolation (${isolation}): linux only supports 'default'`);
  }
  if (oomScoreAdj < -1000 || oomScoreAdj > 1000) {
    throw wrong(`Invalid value ${oomScoreAdj}, range for oom score adj is [-1000, 1000]`);
  }
  if (shmSizeBytes < 0) throw wrong('SHM size can not be less than 0');
  for (const target of Object.keys(host.tmpfs ?? {})) {
    if (!target.startsWith('/')) throw wrong(`invalid mount path: '${target}' mount path must be absolute`);
  }
}

const MAC_ADDRESS = /^[\da-f]{2}(?::[\da-f]{2}){5}$/i;

interface Mode {
  /** As dockerd calls it. */
  readonly name: string;
  readonly value: string;
  readonly allowed: readonly string[];
  /** `container:NAME` too. */
  readonly joins: boolean;
}

function modesOf({ pidMode = '', ipcMode = '', utsMode = '', cgroupnsMode = '' }: HostOptions): Mode[] {
  const ipc = ['', 'none', 'private', 'shareable', 'host'];
  return [
    { name: 'PID mode', value: pidMode, allowed: ['', 'host'], joins: true },
    { name: 'IPC mode', value: ipcMode, allowed: ipc, joins: true },
    { name: 'UTS mode', value: utsMode, allowed: ['', 'host'], joins: false },
    {
      name: 'cgroup namespace mode',
      value: cgroupnsMode,
      allowed: ['', 'private', 'host'],
      joins: false,
    },
  ];
}

const MS_IN_NS = 1_000_000;

function checkHealth(health: HealthcheckConfig): void {
  for (const name of ['Interval', 'Timeout', 'StartPeriod', 'StartInterval'] as const) {
    const value = health[name] ?? 0;
    if (value !== 0 && value < MS_IN_NS) throw wrong(`${name} in Healthcheck cannot be less than 1ms`);
  }
  if ((health.Retries ?? 0) < 0) throw wrong('Retries in Healthcheck cannot be negative');
}

function wrong(message: string): NaruError {
  return new NaruError('invalid-argument', 'E_SETTING', message);
}
