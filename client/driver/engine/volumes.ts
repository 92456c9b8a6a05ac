/** Volumes. */

import { type Decoder, integer, listOf, mapOf, object, string } from '../../../core/engine-api/decode.ts';
import type { EngineConnection } from './connection.ts';
import type { Pruned } from './containers.ts';

export interface VolumeSummary {
  readonly name: string;
  readonly driver: string;
  /** On the engine's host. */
  readonly mountpoint: string;
  readonly createdAt: Date;
  /** `local` or `global`. */
  readonly scope: string;
  readonly labels: Readonly<Record<string, string>>;
}

interface VolumeWire {
  readonly Name: string;
  readonly Driver: string;
  readonly Mountpoint: string;
  readonly CreatedAt: string;
  readonly Scope: string;
  readonly Labels: Readonly<Record<string, string>>;
}

const decodeVolumeWire: Decoder<VolumeWire> = object<VolumeWire>({
  Name: string,
  Driver: string,
  Mountpoint: string,
  CreatedAt: string,
  Scope: string,
  Labels: mapOf(string),
});

export function decodeVolume(value: unknown, at: string): VolumeSummary {
  const wire = decodeVolumeWire(value, at);
  const createdAt = new Date(wire.CreatedAt);
  return {
    name: wire.Name,
    driver: wire.Driver,
    mountpoint: wire.Mountpoint,
    createdAt,
    scope: wire.Scope,
    labels: wire.Labels,
  };
}

export async function listVolumes(
  engine: EngineConnection,
  filters: Readonly<Record<string, readonly string[]>> = {},
): Promise<readonly VolumeSummary[]> {
  const decode = object({ Volumes: listOf(decodeVolume) });
  return (await engine.json({ method: 'GET', path: '/volumes', query: { filters } }, decode)).Volumes;
}

/** The engine's answer as it is, for people and for `--format`. @throws NaruError "not-found" */
export function inspectVolume(
  engine: EngineConnection,
  name: string,
): Promise<Readonly<Record<string, unknown>>> {
  return engine.json(
    { method: 'GET', path: volumePath(name) },
    mapOf((value) => value),
  );
}

export interface VolumeSpec {
  /** Absent: the engine makes one up. */
  readonly name?: string;
  readonly driver?: string;
  readonly driverOptions?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

export function createVolume(engine: EngineConnection, spec: VolumeSpec): Promise<VolumeSummary> {
  const body = {
    Name: spec.name ?? '',
    Driver: spec.driver ?? 'local',
    DriverOpts: spec.driverOptions ?? {},
    Labels: spec.labels ?? {},
  };
  return engine.json({ method: 'POST', path: '/volumes/create', body }, decodeVolume);
}

/** @throws NaruError "conflict" when a container uses it */
export async function removeVolume(engine: EngineConnection, name: string, isForced: boolean): Promise<void> {
  await engine.done({ method: 'DELETE', path: volumePath(name), query: { force: isForced } });
}

/** Removes anonymous volumes that nothing uses; with `isAll` named ones, too. */
export async function pruneVolumes(
  engine: EngineConnection,
  isAll: boolean,
  filters: Readonly<Record<string, readonly string[]>> = {},
): Promise<Pruned> {
  const query = { filters: { ...filters, ...(isAll ? { all: ['true'] } : {}) } };
  const answer = await engine.json({ method: 'POST', path: '/volumes/prune', query }, decodePrune);
  return { removed: answer.VolumesDeleted, reclaimedBytes: answer.SpaceReclaimed };
}

const decodePrune: Decoder<{ readonly VolumesDeleted: readonly string[]; readonly SpaceReclaimed: number }> =
  object({ VolumesDeleted: listOf(string), SpaceReclaimed: integer });

function volumePath(name: string): string {
  return `/volumes/${encodeURIComponent(name)}`;
}
