/** Devices of the host by path: for `--device`, `--privileged` and limits per device. */

import { readdirSync, statSync, type Stats } from 'node:fs';
import { join } from 'node:path';

import { NaruError } from '../../../../core/errors.ts';
import { deviceNumbers } from '../../../host/syscalls.ts';
import type { AllowedDevice } from '../../../oci-runtime/device-rules.ts';
import type { DeviceLimits } from '../../../oci-runtime/resources.ts';
import type { DeviceMapping, DeviceRate, HostOptions, ResourceOptions } from '../container.ts';

/** crun makes these itself, and the pseudo terminals and shared memory are the container's own. */
const OWN_NAMES: ReadonlySet<string> = new Set(
  'console core fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero'.split(' '),
);

/** In order of the mappings; a directory stands for all devices in it. @throws invalid-argument with Docker's words */
export function mappedDevices(host: HostOptions): readonly AllowedDevice[] {
  const mapped = (host.devices ?? []).flatMap(expandMapping);
  return host.privileged === true ? [...mapped, ...devicesBelow('/dev', '/dev', 'rwm')] : mapped;
}

export function deviceLimits(options: ResourceOptions): DeviceLimits {
  return {
    weights: (options.blkioWeightDevice ?? []).map(({ path, weight }) => ({ ...numbersOf(path), weight })),
    readBps: rates(options.blkioDeviceReadBps),
    writeBps: rates(options.blkioDeviceWriteBps),
    readIops: rates(options.blkioDeviceReadIops),
    writeIops: rates(options.blkioDeviceWriteIops),
  };
}

function rates(list: readonly DeviceRate[] | undefined): DeviceLimits['readBps'] {
  return (list ?? []).map(({ path, rate }) => ({ ...numbersOf(path), rate }));
}

function numbersOf(path: string): { readonly major: number; readonly minor: number } {
  return deviceNumbers(statOrFail(path).rdev);
}

function expandMapping(mapping: DeviceMapping): readonly AllowedDevice[] {
  const { pathOnHost, cgroupPermissions } = mapping;
  const pathInContainer = mapping.pathInContainer === '' ? pathOnHost : mapping.pathInContainer;
  const access = cgroupPermissions === '' ? 'rwm' : cgroupPermissions;
  const stat = statOrFail(pathOnHost);
  if (stat.isDirectory()) return devicesBelow(pathOnHost, pathInContainer, access);
  const device = toDevice(stat, pathInContainer, access);
  if (device === undefined) {
    const message = `error gathering device information while adding custom device "${pathOnHost}": not a device node`;
    throw new NaruError('invalid-argument', 'E_DEVICE', message);
  }
  return [device];
}

function devicesBelow(directory: string, inContainer: string, access: string): readonly AllowedDevice[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry): readonly AllowedDevice[] => {
    if (directory === '/dev' && OWN_NAMES.has(entry.name)) return [];
    const path = join(directory, entry.name);
    const target = join(inContainer, entry.name);
    if (entry.isDirectory()) return devicesBelow(path, target, access);
    if (!entry.isCharacterDevice() && !entry.isBlockDevice()) return [];
    const stat = statSync(path, { throwIfNoEntry: false });
    const device = stat === undefined ? undefined : toDevice(stat, target, access);
    return device === undefined ? [] : [device];
  });
}

function toDevice(stat: Stats, path: string, access: string): AllowedDevice | undefined {
  if (!stat.isCharacterDevice() && !stat.isBlockDevice()) return undefined;
  const { major, minor } = deviceNumbers(stat.rdev);
  const type = stat.isBlockDevice() ? 'b' : 'c';
  return { path, type, major, minor, fileMode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid, access };
}

function statOrFail(path: string): Stats {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat !== undefined) return stat;
  const message = `error gathering device information while adding custom device "${path}": no such file or directory`;
  throw new NaruError('invalid-argument', 'E_DEVICE', message);
}
