/** A container's file system as a tar (`docker export`) and as a new image (`docker commit`). */

import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';

import type { ImageConfig, ImageRunConfig } from '../../../../core/oci/image-config.ts';
import { readTar } from '../../../../local/tar/reader.ts';
import { writeTar, type NewTarMember } from '../../../../local/tar/writer.ts';
import type { Image } from '../../images/image-store.ts';
import type { ContainerEntry } from '../container-entry.ts';
import { publishContainer } from '../container-events.ts';
import type { ContainerRecord } from '../container.ts';
import { snapshotKey, type ContainerParts } from '../parts.ts';
import type { CommitRequest } from '../requests.ts';
import { dropRootfs, holdRootfs } from '../run/rootfs-mount.ts';
import { pauseContainer, unpauseContainer } from '../run/stop.ts';
import { isMountLeftover } from './leftovers.ts';
import { childMembers } from './tree-members.ts';

/** Without what is mounted into it. The caller reads or destroys the stream. */
export async function exportContainer(parts: ContainerParts, entry: ContainerEntry): Promise<Readable> {
  const holder = Symbol('export');
  const rootfs = await holdRootfs(parts, entry, holder);
  publishContainer(parts.events, entry, 'export');
  async function* bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* writeTar(childMembers(rootfs));
    } finally {
      await dropRootfs(parts, entry, holder);
    }
  }
  return Readable.from(bytes(), { objectMode: false });
}

export async function commitContainer(
  parts: ContainerParts,
  entry: ContainerEntry,
  request: CommitRequest,
): Promise<Image> {
  const { record } = entry;
  const base = await parts.images.get(record.imageId);
  const name = `commit-${randomUUID()}`;
  const pauses = request.pause && entry.state.status === 'running';
  if (pauses) await pauseContainer(parts, entry);
  try {
    const tar = parts.snapshots.exportActive(snapshotKey(record.id));
    await parts.snapshots.applyLayer(
      name,
      base.snapshots.at(-1),
      Readable.from(writeTar(ownMembers(tar)), { objectMode: false }),
    );
  } finally {
    if (pauses) await unpauseContainer(parts, entry);
  }
  const image = await parts.images.create(commitConfig(base.config, record, request), [
    ...base.snapshots,
    name,
  ]);
  if (request.reference !== undefined) await parts.images.tag(image.id, request.reference);
  publishContainer(parts.events, entry, 'commit', { comment: request.comment, imageID: image.id });
  return image;
}

/** The layer without the mount points that every container gets. */
async function* ownMembers(tar: Readable): AsyncGenerator<NewTarMember, void, undefined> {
  for await (const { entry, content } of readTar(tar)) {
    const isLeftover = isMountLeftover(`/${entry.path}`, {
      size: entry.sizeBytes,
      isDirectory: () => false,
      isFile: () => entry.kind === 'file',
    });
    if (!isLeftover) yield entry.kind === 'file' ? { entry, content } : { entry };
  }
}

function commitConfig(base: ImageConfig, record: ContainerRecord, request: CommitRequest): ImageConfig {
  const created = new Date().toISOString();
  const command = [...(record.config.entrypoint ?? []), ...(record.config.cmd ?? [])].join(' ');
  return {
    ...base,
    created,
    ...(request.author === '' ? {} : { author: request.author }),
    config: request.config ?? runConfig(record),
    history: [
      ...(base.history ?? []),
      {
        created,
        created_by: command,
        ...(request.author === '' ? {} : { author: request.author }),
        ...(request.comment === '' ? {} : { comment: request.comment }),
      },
    ],
  };
}

/** What of a container's config becomes its image's. */
function runConfig(record: ContainerRecord): ImageRunConfig {
  const { config } = record;
  const keys = (names: readonly string[] | undefined): Record<string, Record<string, never>> =>
    Object.fromEntries((names ?? []).map((name) => [name, {}]));
  return {
    Env: config.env ?? [],
    Cmd: config.cmd ?? null,
    Entrypoint: config.entrypoint === undefined || config.entrypoint.length === 0 ? null : config.entrypoint,
    Labels: config.labels ?? {},
    ...(config.user === undefined || config.user === '' ? {} : { User: config.user }),
    ...(config.workingDir === undefined || config.workingDir === '' ? {} : { WorkingDir: config.workingDir }),
    ...(config.volumes === undefined || config.volumes.length === 0 ? {} : { Volumes: keys(config.volumes) }),
    ...((config.exposedPorts ?? []).length === 0 ? {} : { ExposedPorts: keys(config.exposedPorts) }),
    ...(config.stopSignal === undefined ? {} : { StopSignal: config.stopSignal }),
    ...(config.healthcheck === undefined ? {} : { Healthcheck: config.healthcheck }),
    ...(config.shell === undefined ? {} : { Shell: config.shell }),
  };
}
