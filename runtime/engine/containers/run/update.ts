/** `POST /containers/{id}/update` and the changes of networks: what may change in a container that exists. */

import { availableParallelism } from 'node:os';

import { NaruError } from '../../../../core/errors.ts';
import type { Attachment, EndpointRequest } from '../../../net/networking.ts';
import { crunUpdate } from '../../../oci-runtime/crun.ts';
import { makeResources } from '../../../oci-runtime/resources.ts';
import type { ContainerEntry } from '../container-entry.ts';
import { publishContainer } from '../container-events.ts';
import type { ResourceOptions, RestartPolicy } from '../container.ts';
import type { ContainerParts } from '../parts.ts';
import { checkResources } from '../create/check-resources.ts';
import { deviceLimits } from './devices.ts';
import { writeEtcFiles } from './etc-directory.ts';

/** Fields that are absent or 0 stay as they are. */
export async function updateContainer(
  parts: ContainerParts,
  entry: ContainerEntry,
  resources: ResourceOptions,
  restartPolicy: RestartPolicy | undefined,
): Promise<readonly string[]> {
  return entry.exclusive(async () => {
    const given = Object.entries(resources).filter(([, value]) => isSet(value));
    if (restartPolicy !== undefined && restartPolicy.name !== 'no' && entry.record.host.autoRemove === true) {
      const message = 'Restart policy cannot be updated because AutoRemove is enabled for the container';
      throw new NaruError('conflict', 'E_AUTO_REMOVE', message);
    }
    const host = {
      ...entry.record.host,
      ...Object.fromEntries(given),
      ...(restartPolicy === undefined ? {} : { restartPolicy }),
    };
    checkSwap(entry, resources);
    checkResources(host, availableParallelism());
    if (entry.isRunning && given.length > 0) {
      const limits = makeResources(host, [], deviceLimits(host), parts.facts.hasSwapLimit);
      // Without the devices: an empty list would be taken as "none allowed".
      const { devices: _devices, ...rest } = limits;
      await crunUpdate(parts.dirs, entry.id, rest);
    }
    entry.change({ host });
    publishContainer(parts.events, entry, 'update');
    return [];
  });
}

/** @throws NaruError "conflict" in Docker's words: more memory than what was allowed with swap */
function checkSwap(entry: ContainerEntry, { memoryBytes = 0, memorySwapBytes = 0 }: ResourceOptions): void {
  const before = entry.record.host.memorySwapBytes ?? 0;
  if (memorySwapBytes !== 0 || before <= 0 || memoryBytes <= before) return;
  const why =
    'Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time';
  throw new NaruError('conflict', 'E_SWAP_LIMIT', `Cannot update container ${entry.id}: ${why}`);
}

/** Recorded, and done at once when the container runs. */
export async function connectNetwork(
  parts: ContainerParts,
  entry: ContainerEntry,
  endpoint: EndpointRequest,
): Promise<void> {
  await entry.exclusive(async () => {
    const mode = entry.record.host.networkMode ?? '';
    if (mode === 'host' || mode === 'none' || mode.startsWith('container:')) {
      const message =
        mode === 'none'
          ? 'container cannot be connected to multiple networks with one of the networks in private (none) mode'
          : `container sharing network namespace with another container or host cannot be connected to any other network`;
      throw new NaruError('invalid-argument', 'E_NETWORK_MODE', message);
    }
    if (entry.isRunning) changeAttachment(parts, entry, await parts.networking.connect(entry.id, endpoint));
    const others = entry.record.networks.filter(({ network }) => network !== endpoint.network);
    entry.change({ networks: [...others, endpoint] });
  });
}

export async function disconnectNetwork(
  parts: ContainerParts,
  entry: ContainerEntry,
  network: string,
): Promise<void> {
  await entry.exclusive(async () => {
    if (entry.isRunning) changeAttachment(parts, entry, await parts.networking.disconnect(entry.id, network));
    entry.change({ networks: entry.record.networks.filter((endpoint) => endpoint.network !== network) });
  });
}

/** The name server and the addresses in /etc/hosts change with the networks; the files are written in place, as they are bind mounted. */
function changeAttachment(parts: ContainerParts, entry: ContainerEntry, attachment: Attachment): void {
  entry.change({ attachment });
  writeEtcFiles(parts, entry.record, attachment);
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== 0 && value !== '' && !(Array.isArray(value) && value.length === 0);
}
