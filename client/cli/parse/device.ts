/** Devices of the host in flags of `naru run`: which ones a container has, and how much of their traffic. */

import { NaruError } from '../../../core/errors.ts';
import type { DeviceRate, DeviceRequest, DeviceWeight } from '../../driver/engine/container-spec.ts';
import { parseBytes, parseNumber } from './quantity.ts';

/** `/dev/x[:/dev/y][:rwm]`. @throws NaruError "invalid-argument" */
export function parseDevice(text: string): DeviceRequest {
  const [host = '', second, third] = text.split(':');
  const isMode = (part: string | undefined): boolean => part !== undefined && /^[rwm]{1,3}$/.test(part);
  if (host === '' || text.split(':').length > 3 || (third !== undefined && !isMode(third))) {
    throw new NaruError('invalid-argument', 'E_DEVICE', `--device: ${JSON.stringify(text)} is not a device`, {
      hint: 'write --device /dev/fuse, or /dev/x:/dev/y:rwm',
    });
  }
  const isShort = third === undefined && isMode(second);
  return {
    host,
    container: isShort || second === undefined ? host : second,
    permissions: third ?? (isShort ? (second ?? 'rwm') : 'rwm'),
  };
}

/** `c 1:3 rwm`, `b 8:* r`, `a *:* rwm`. @throws NaruError "invalid-argument" */
export function parseDeviceRule(text: string): string {
  if (/^[acb] (?:\d+|\*):(?:\d+|\*) [rwm]{1,3}$/.test(text)) return text;
  throw refused('--device-cgroup-rule', text, 'a rule for devices', 'c 1:3 rwm');
}

/** `/dev/sda:1mb`, for operations a number alone. @throws NaruError "invalid-argument" */
export function parseDeviceRate(option: string, text: string): DeviceRate {
  const isBytes = option.endsWith('-bps');
  const [path, rate] = deviceAnd(option, text, isBytes ? '/dev/sda:1mb' : '/dev/sda:1000');
  return { path, rate: isBytes ? parseBytes(option, rate) : parseNumber(option, rate) };
}

/** `/dev/sda:100`; the engine says which weights there are. @throws NaruError "invalid-argument" */
export function parseDeviceWeight(text: string): DeviceWeight {
  const option = '--blkio-weight-device';
  const [path, weight] = deviceAnd(option, text, '/dev/sda:100');
  return { path, weight: parseNumber(option, weight) };
}

function deviceAnd(option: string, text: string, example: string): readonly [string, string] {
  const [path, value, ...rest] = text.split(':');
  if (path?.startsWith('/dev/') === true && value !== undefined && value !== '' && rest.length === 0) {
    return [path, value];
  }
  throw refused(option, text, 'a device and a number', example);
}

function refused(option: string, text: string, wanted: string, example: string): NaruError {
  return new NaruError(
    'invalid-argument',
    'E_DEVICE',
    `${option}: ${JSON.stringify(text)} is not ${wanted}`,
    {
      hint: `write ${option} ${JSON.stringify(example)}`,
    },
  );
}
