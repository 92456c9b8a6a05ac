/** Turns wanted mounts into mount points: finds or makes the volumes, checks the binds. */

import { existsSync } from 'node:fs';

import { NaruError } from '../../../../core/errors.ts';
import type { Volumes } from '../../volumes/volumes.ts';
import type { ContainerId, MountPoint } from '../container.ts';
import type { WantedMount } from './mount-requests.ts';

/** Volumes are acquired for `id`. @throws invalid-argument with Docker's words when a bind's source is missing */
export function resolveMount(mount: WantedMount, id: ContainerId, volumes: Volumes): MountPoint {
  const base = { destination: mount.target, mode: mount.mode, isWritable: mount.readOnly !== true };
  switch (mount.type) {
    case 'bind':
      return { ...base, ...bindSource(mount) };
    case 'volume':
      return { ...base, ...volumeSource(mount, id, volumes) };
    case 'tmpfs':
      return {
        ...base,
        type: 'tmpfs',
        source: '',
        propagation: '',
        isAnonymous: false,
        options: tmpfsOptions(mount),
      };
  }
}

/** Docker's words, at create and at start alike. */
export function missingSource(source: string): NaruError {
  const message = `invalid mount config for type "bind": bind source path does not exist: ${source}`;
  return new NaruError('invalid-argument', 'E_BIND_SOURCE', message);
}

type Source = Omit<MountPoint, 'destination' | 'mode' | 'isWritable'>;

function bindSource(mount: WantedMount): Source {
  const source = mount.source ?? '';
  if (mount.needsSource && !existsSync(source)) throw missingSource(source);
  const propagation = mount.bind?.propagation ?? '';
  return {
    type: 'bind',
    source,
    propagation: propagation === '' ? 'rprivate' : propagation,
    isAnonymous: false,
  };
}

function volumeSource(mount: WantedMount, id: ContainerId, volumes: Volumes): Source {
  const isAnonymous = (mount.source ?? '') === '';
  const { driver, labels, driverOptions, subpath } = mount.volume ?? {};
  const volume = volumes.create({
    ...(isAnonymous ? {} : { name: mount.source ?? '' }),
    ...(driver === undefined ? {} : { driver }),
    ...(labels === undefined ? {} : { labels }),
    ...(driverOptions === undefined ? {} : { options: driverOptions }),
  });
  volumes.acquire(volume.name, id);
  return {
    type: 'volume',
    name: volume.name,
    driver: volume.driver,
    source: volume.mountpoint,
    propagation: '',
    isAnonymous,
    ...(subpath === undefined || subpath === '' ? {} : { subpath }),
  };
}

function tmpfsOptions(mount: WantedMount): readonly string[] {
  const { sizeBytes = 0, mode = 0, options = [] } = mount.tmpfs ?? {};
  return [
    ...(sizeBytes > 0 ? [`size=${sizeBytes}`] : []),
    ...(mode > 0 ? [`mode=${mode.toString(8)}`] : []),
    ...options,
  ];
}
