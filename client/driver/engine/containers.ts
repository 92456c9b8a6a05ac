/** Containers: list, inspect, create, and what is done to them. Names and ids are both taken for `id`. */

import { type Decoder, integer, listOf, object, string } from '../../../core/engine-api/decode.ts';
import type { EngineConnection } from './connection.ts';
import {
  type ContainerDetails,
  type ContainerSummary,
  decodeDetails,
  decodeSummary,
} from './container-model.ts';
import { createBody, resourceBody } from './container-body.ts';
import type { ContainerSpec, ResourceSpec } from './container-spec.ts';

export interface ListContainersOptions {
  /** Stopped ones, too. */
  readonly isAll: boolean;
  /** Docker's filters: `{ label: ['a=b'], status: ['exited'] }`. */
  readonly filters?: Readonly<Record<string, readonly string[]>>;
  readonly withSizes?: boolean;
  /** Only the newest ones, stopped or not. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** Newest first. */
export function listContainers(
  engine: EngineConnection,
  options: ListContainersOptions,
): Promise<readonly ContainerSummary[]> {
  const query = {
    all: options.isAll,
    size: options.withSizes,
    filters: options.filters,
    limit: options.limit,
  };
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  return engine.json({ method: 'GET', path: '/containers/json', query, ...signal }, listOf(decodeSummary));
}

export interface InspectOptions {
  /** Sizes take the engine a walk over the container's files. */
  readonly withSizes?: boolean;
  readonly signal?: AbortSignal;
}

/** @throws NaruError "not-found" */
export function inspectContainer(
  engine: EngineConnection,
  id: string,
  { withSizes, signal }: InspectOptions = {},
): Promise<ContainerDetails> {
  const call = { method: 'GET', path: `${containerPath(id)}/json`, query: { size: withSizes } } as const;
  return engine.json({ ...call, ...(signal === undefined ? {} : { signal }) }, decodeDetails);
}

export interface CreatedContainer {
  readonly id: string;
  readonly warnings: readonly string[];
}

/** @throws NaruError "not-found" when the image is not there, "conflict" when the name is in use */
export async function createContainer(
  engine: EngineConnection,
  spec: ContainerSpec,
): Promise<CreatedContainer> {
  const query = { name: spec.name, platform: spec.platform };
  const call = { method: 'POST', path: '/containers/create', query, body: createBody(spec) } as const;
  const { Id, Warnings } = await engine.json(call, decodeCreated);
  return { id: Id, warnings: Warnings };
}

const decodeCreated: Decoder<{ readonly Id: string; readonly Warnings: readonly string[] }> = object({
  Id: string,
  Warnings: listOf(string),
});

/** False when it was running already. */
export function startContainer(engine: EngineConnection, id: string): Promise<boolean> {
  return engine.done({ method: 'POST', path: `${containerPath(id)}/start` });
}

export interface StopOptions {
  /** Before it is killed; absent: the container's own. -1 waits forever. */
  readonly timeoutSeconds?: number;
  readonly signalName?: string;
}

/** False when it was stopped already. */
export function stopContainer(
  engine: EngineConnection,
  id: string,
  options: StopOptions = {},
): Promise<boolean> {
  const query = { t: options.timeoutSeconds, signal: options.signalName };
  return engine.done({ method: 'POST', path: `${containerPath(id)}/stop`, query });
}

export async function restartContainer(
  engine: EngineConnection,
  id: string,
  options: StopOptions = {},
): Promise<void> {
  const query = { t: options.timeoutSeconds, signal: options.signalName };
  await engine.done({ method: 'POST', path: `${containerPath(id)}/restart`, query });
}

export async function killContainer(engine: EngineConnection, id: string, signalName: string): Promise<void> {
  await engine.done({ method: 'POST', path: `${containerPath(id)}/kill`, query: { signal: signalName } });
}

export async function pauseContainer(engine: EngineConnection, id: string): Promise<void> {
  await engine.done({ method: 'POST', path: `${containerPath(id)}/pause` });
}

export async function unpauseContainer(engine: EngineConnection, id: string): Promise<void> {
  await engine.done({ method: 'POST', path: `${containerPath(id)}/unpause` });
}

export async function renameContainer(engine: EngineConnection, id: string, name: string): Promise<void> {
  await engine.done({ method: 'POST', path: `${containerPath(id)}/rename`, query: { name } });
}

/** Changes what is said, leaves the rest; answers warnings. */
export async function updateContainer(
  engine: EngineConnection,
  id: string,
  changes: ResourceSpec,
): Promise<readonly string[]> {
  const call = { method: 'POST', path: `${containerPath(id)}/update`, body: resourceBody(changes) } as const;
  return (await engine.json(call, object({ Warnings: listOf(string) }))).Warnings;
}

export interface RemoveContainerOptions {
  /** Kills it first. */
  readonly isForced?: boolean;
  readonly withVolumes?: boolean;
}

/** @throws NaruError "conflict" when it runs and removal is not forced */
export async function removeContainer(
  engine: EngineConnection,
  id: string,
  options: RemoveContainerOptions = {},
): Promise<void> {
  const query = { force: options.isForced, v: options.withVolumes };
  await engine.done({ method: 'DELETE', path: containerPath(id), query });
}

export type WaitCondition = 'not-running' | 'next-exit' | 'removed';

/** Its exit code, once the condition holds. */
export async function waitContainer(
  engine: EngineConnection,
  id: string,
  condition: WaitCondition,
  signal?: AbortSignal,
): Promise<number> {
  return (await beginWait(engine, id, condition, signal)).exit;
}

/** Resolves once the engine waits, so that nothing that happens from then on is missed. */
export async function beginWait(
  engine: EngineConnection,
  id: string,
  condition: WaitCondition,
  signal?: AbortSignal,
): Promise<{ readonly exit: Promise<number> }> {
  const call = { method: 'POST', path: `${containerPath(id)}/wait`, query: { condition } } as const;
  const { value } = await engine.begin({ ...call, ...(signal === undefined ? {} : { signal }) }, decodeWait);
  const exit = value.then(({ StatusCode }) => StatusCode);
  exit.catch(() => undefined); // for those who do not ask
  return { exit };
}

const decodeWait: Decoder<{ readonly StatusCode: number }> = object({ StatusCode: integer });

export async function resizeContainer(
  engine: EngineConnection,
  id: string,
  size: { readonly columns: number; readonly rows: number },
): Promise<void> {
  const query = { w: size.columns, h: size.rows };
  await engine.done({ method: 'POST', path: `${containerPath(id)}/resize`, query });
}

export interface ProcessTable {
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** `psArguments` as for ps(1), for example `-ef`. */
export async function topContainer(
  engine: EngineConnection,
  id: string,
  psArguments?: string,
): Promise<ProcessTable> {
  const call = { method: 'GET', path: `${containerPath(id)}/top`, query: { ps_args: psArguments } } as const;
  const { Titles, Processes } = await engine.json(call, decodeTop);
  return { titles: Titles, rows: Processes };
}

const decodeTop: Decoder<{
  readonly Titles: readonly string[];
  readonly Processes: readonly (readonly string[])[];
}> = object({ Titles: listOf(string), Processes: listOf(listOf(string)) });

/** A tar of all its files. @throws NaruError "not-found" */
export async function exportContainer(
  engine: EngineConnection,
  id: string,
): Promise<AsyncIterable<Uint8Array>> {
  return (await engine.stream({ method: 'GET', path: `${containerPath(id)}/export` })).body;
}

export interface FileChange {
  /** Changed, added or deleted. */
  readonly kind: 'C' | 'A' | 'D';
  readonly path: string;
}

/** Against the image, sorted by path. */
export async function containerChanges(engine: EngineConnection, id: string): Promise<readonly FileChange[]> {
  const call = { method: 'GET', path: `${containerPath(id)}/changes` } as const;
  const changes = await engine.json(call, listOf(object({ Kind: integer, Path: string })));
  return changes.map(({ Kind, Path }) => ({ kind: CHANGE_KINDS[Kind] ?? 'C', path: Path }));
}

const CHANGE_KINDS = ['C', 'A', 'D'] as const;

export interface Pruned {
  /** Ids or names. */
  readonly removed: readonly string[];
  readonly reclaimedBytes: number;
}

/** Removes stopped containers. */
export async function pruneContainers(
  engine: EngineConnection,
  filters: Readonly<Record<string, readonly string[]>> = {},
): Promise<Pruned> {
  const call = { method: 'POST', path: '/containers/prune', query: { filters } } as const;
  const answer = await engine.json(call, decodePrune);
  return { removed: answer.ContainersDeleted, reclaimedBytes: answer.SpaceReclaimed };
}

const decodePrune: Decoder<{
  readonly ContainersDeleted: readonly string[];
  readonly SpaceReclaimed: number;
}> = object({ ContainersDeleted: listOf(string), SpaceReclaimed: integer });

/** Path of a container's endpoints. */
export function containerPath(id: string): string {
  return `/containers/${encodeURIComponent(id)}`;
}
