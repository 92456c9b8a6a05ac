/** `POST /containers/create`: a new container with its writable snapshot, its volumes and its record. */

import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism, hostname } from 'node:os';
import { join } from 'node:path';

import { isErrorKind, NaruError } from '../../../../core/errors.ts';
import { imagePlatform } from '../../../../core/oci/image-config.ts';
import { formatPlatform } from '../../../../core/oci/platform.ts';
import type { Image } from '../../images/image-store.ts';
import type { EndpointRequest } from '../../../net/networking.ts';
import { chooseCapabilities } from '../../../oci-runtime/capabilities.ts';
import { copyUp } from '../../volumes/copy-up.ts';
import type { ContainerConfig, ContainerId, ContainerRecord, HostOptions, MountPoint } from '../container.ts';
import { publishContainer } from '../container-events.ts';
import { withoutSlash } from '../container-table.ts';
import { checkName, makeName } from '../names.ts';
import { snapshotKey, type ContainerParts } from '../parts.ts';
import type { CreateRequest, CreateResult } from '../requests.ts';
import { checkLinks } from '../run/links.ts';
import { logLimits } from '../run/log-options.ts';
import { parseSecurity } from '../run/security.ts';
import { checkNetworkMode } from './check-network-mode.ts';
import { checkPlatform, wantedPlatform } from './check-platform.ts';
import { checkResources } from './check-resources.ts';
import { checkRuntime } from './check-runtime.ts';
import { checkSettings } from './check-settings.ts';
import { mergeConfig } from './merge-config.ts';
import { wantedMounts } from './mount-requests.ts';
import { resolveMount } from './resolve-mounts.ts';

/** Nothing is left behind when it throws. */
export async function createContainer(parts: ContainerParts, request: CreateRequest): Promise<CreateResult> {
  const id = randomBytes(32).toString('hex') as ContainerId; // made to the type's shape
  const wanted = wantedPlatform(request.platform);
  const image = await parts.images.get(request.config.image);
  const platformWarnings = checkPlatform(wanted, image, request.config.image);
  const name = reserveName(parts, request.name, id);
  try {
    const record = makeRecord(parts, request, image, id, name);
    await makeFiles(parts, record, image);
    publishContainer(parts.events, parts.table.add(record), 'create');
    return { id, warnings: [...platformWarnings, ...warningsFor(record.host, parts.facts.hasSwapLimit)] };
  } catch (error) {
    parts.table.releaseName(name);
    await undo(parts, id);
    throw error;
  }
}

function reserveName(parts: ContainerParts, wanted: string | undefined, id: ContainerId): string {
  const asked = withoutSlash(wanted ?? '');
  const name = asked === '' ? makeName((free) => parts.table.isNameTaken(free)) : checkName(asked);
  parts.table.reserveName(name, id);
  return name;
}

function makeRecord(
  parts: ContainerParts,
  request: CreateRequest,
  image: Image,
  id: ContainerId,
  name: string,
): ContainerRecord {
  const config = withHostname(
    mergeConfig(request.config, image.config.config ?? {}),
    request.host,
    parts,
    id,
  );
  checkEarly(request, parts);
  const { mounts, inherited } = wantedMounts(config, request.host, inheritedMounts(parts, request.host));
  for (const mount of inherited) if (mount.name !== undefined) parts.volumes.acquire(mount.name, id);
  return {
    id,
    name,
    createdAt: new Date(),
    imageId: image.id,
    platform: formatPlatform(imagePlatform(image.config)),
    config,
    host: withSwapLimit(request.host),
    mounts: [...inherited, ...mounts.map((mount) => resolveMount(mount, id, parts.volumes))],
    networks: initialNetworks(request),
    state: { status: 'created', pid: 0, exitCode: 0, error: '', oomKilled: false },
    restartCount: 0,
    isStoppedByUser: false,
  };
}

/** Docker: as much swap as memory where nothing is said of it. */
function withSwapLimit(host: HostOptions): HostOptions {
  const { memoryBytes = 0, memorySwapBytes = 0 } = host;
  return memoryBytes > 0 && memorySwapBytes === 0 ? { ...host, memorySwapBytes: 2 * memoryBytes } : host;
}

function withHostname(
  config: ContainerConfig,
  host: HostOptions,
  parts: ContainerParts,
  id: ContainerId,
): ContainerConfig {
  const joined = joinedContainer(host);
  if (joined !== undefined) {
    // Docker: who shares a network shares the name in it.
    const { hostname: shared = '' } = namedContainer(parts, joined).config;
    return { ...config, hostname: shared };
  }
  if (config.hostname !== undefined && config.hostname !== '') return config;
  const isHosts = host.networkMode === 'host' || host.utsMode === 'host';
  return { ...config, hostname: isHosts ? hostname() : id.slice(0, 12) };
}

/** The container whose network is shared. */
function joinedContainer(host: HostOptions): string | undefined {
  return /^container:(.+)$/.exec(host.networkMode ?? '')?.[1];
}

/** What can be known to be wrong before anything is made. */
function checkEarly(request: CreateRequest, parts: ContainerParts): void {
  const { host } = request;
  checkSettings(request);
  checkNetworkMode(request);
  for (const mode of [host.pidMode, host.ipcMode]) {
    const joined = /^container:(.+)$/.exec(mode ?? '')?.[1];
    if (joined !== undefined) namedContainer(parts, joined);
  }
  checkLinks(parts, host);
  checkRuntime(host.runtime);
  checkResources(host, availableParallelism());
  if (host.logDriver !== 'none') logLimits(host);
  parseSecurity(host.securityOpt ?? []);
  chooseCapabilities({
    privileged: host.privileged === true,
    add: host.capAdd ?? [],
    drop: host.capDrop ?? [],
    boundingMask: parts.facts.boundingMask,
  });
}

/** Docker: 400 instead of 404, which clients take for "no such image". */
function namedContainer(parts: ContainerParts, nameOrId: string): ContainerRecord {
  try {
    return parts.table.get(nameOrId).record;
  } catch (cause) {
    if (!isErrorKind(cause, 'not-found')) throw cause;
    throw new NaruError('invalid-argument', 'E_NO_CONTAINER', cause.message, { cause });
  }
}

/** The mounts of `--volumes-from`, in order. */
function inheritedMounts(parts: ContainerParts, host: HostOptions): readonly MountPoint[] {
  return (host.volumesFrom ?? []).flatMap((text) => {
    const [name = '', mode = ''] = text.split(':');
    const mounts = namedContainer(parts, name).mounts.filter(({ type }) => type !== 'tmpfs');
    return mounts.map((mount) => ({ ...mount, ...(mode === 'ro' ? { isWritable: false } : {}) }));
  });
}

/** The network of the mode first, with what the request says of it. */
function initialNetworks(request: CreateRequest): readonly EndpointRequest[] {
  const mode = request.host.networkMode ?? 'default';
  if (mode === 'none' || mode === 'host' || mode.startsWith('container:')) return [];
  const main = mode === 'default' || mode === '' ? 'bridge' : mode;
  const given = (request.networks ?? []).map((endpoint) =>
    endpoint.network === 'default' ? { ...endpoint, network: 'bridge' } : endpoint,
  );
  const own = given.find(({ network }) => network === main) ?? { network: main, aliases: [] };
  const macAddress = own.macAddress ?? request.config.macAddress;
  const first = macAddress === undefined || macAddress === '' ? own : { ...own, macAddress };
  return [first, ...given.filter(({ network }) => network !== main)];
}

async function makeFiles(parts: ContainerParts, record: ContainerRecord, image: Image): Promise<void> {
  const key = snapshotKey(record.id);
  await Promise.all([
    mkdir(join(parts.options.stateDir, record.id, 'log'), { recursive: true }),
    parts.snapshots.prepare(key, image.snapshots.at(-1)),
  ]);
  const noCopy = new Set(
    (record.host.mounts ?? []).filter((m) => m.volume?.noCopy === true).map((m) => m.target),
  );
  const volumes = record.mounts.filter(
    (mount) => mount.type === 'volume' && !noCopy.has(mount.destination) && !mount.mode.includes('nocopy'),
  );
  if (volumes.length === 0) return;
  const rootfs = await parts.snapshots.mount(key);
  try {
    for (const mount of volumes) {
      if (mount.name !== undefined) parts.volumes.mount(mount.name);
      await copyUp(rootfs, mount.destination, mount.source);
    }
  } finally {
    await parts.snapshots.unmount(key);
  }
}

async function undo(parts: ContainerParts, id: ContainerId): Promise<void> {
  for (const volume of parts.volumes.list()) {
    if (!parts.volumes.usersOf(volume.name).includes(id)) continue;
    parts.volumes.release(volume.name, id);
    if (volume.isAnonymous && parts.volumes.usersOf(volume.name).length === 0) {
      parts.volumes.remove(volume.name, true);
    }
  }
  await rm(join(parts.options.stateDir, id), { recursive: true, force: true });
  const key = snapshotKey(id);
  if ((await parts.snapshots.stat(key)) !== undefined) await parts.snapshots.remove(key);
}

/** In dockerd's words and order (28.5.2). */
function warningsFor(host: HostOptions, hasSwapLimit: boolean): readonly string[] {
  const hasNoSwapLimit = !hasSwapLimit && (host.memoryBytes ?? 0) !== 0;
  const discardsPorts = host.networkMode === 'host' && (host.portBindings ?? []).length > 0;
  return [
    ...(hasNoSwapLimit
      ? [
          'Your kernel does not support swap limit capabilities or the cgroup is not mounted. Memory limited without swap.',
        ]
      : []),
    ...(discardsPorts ? ['Published ports are discarded when using host network mode'] : []),
  ];
}
