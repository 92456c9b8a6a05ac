/**
 * The options of Docker's local driver: `type`, `device` and `o` are mount(8)'s; the file system appears at the volume's mountpoint.
 * Names in `device` and `addr=` are not resolved: NFS wants an address.
 */

import { NaruError } from '../../../core/errors.ts';
import { mountPointsBelow, unmountIfMounted } from '../../host/overlay-mount.ts';
import { mount, MS } from '../../host/syscalls.ts';

export interface MountableVolume {
  readonly name: string;
  readonly mountpoint: string;
  readonly options: Readonly<Record<string, string>>;
}

const FLAGS: Readonly<Record<string, number>> = {
  ro: MS.RDONLY,
  nosuid: MS.NOSUID,
  nodev: MS.NODEV,
  noexec: MS.NOEXEC,
  bind: MS.BIND,
  rbind: MS.BIND | MS.REC,
  rw: 0,
};

/** @throws invalid-argument with Docker's words when the kernel refuses */
export function mountLocalVolume(volume: MountableVolume): void {
  const { type = '', device = '', o = '' } = volume.options;
  if (type === '' && device === '') return;
  if (mountPointsBelow(volume.mountpoint).includes(volume.mountpoint)) return;
  const words = o.split(',').filter((word) => word !== '');
  const flags = words.reduce((sum, word) => sum | (FLAGS[word] ?? 0), 0);
  const data = words.filter((word) => FLAGS[word] === undefined).join(',');
  try {
    mount(device, volume.mountpoint, type, flags, data);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `error while mounting volume '${volume.mountpoint}': failed to mount local volume: ${why}`;
    throw new NaruError('invalid-argument', 'E_VOLUME_MOUNT', message, { cause });
  }
}

export function unmountLocalVolume(volume: MountableVolume): void {
  const { type = '', device = '' } = volume.options;
  if (type !== '' || device !== '') unmountIfMounted(volume.mountpoint);
}
