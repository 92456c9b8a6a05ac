/** Images: list, inspect, pull, push, tag, remove, save and load. `name` is a reference or an id. */

import { type Decoder, integer, listOf, mapOf, object, string } from '../../../core/engine-api/decode.ts';
import type { EngineConnection } from './connection.ts';
import type { Pruned } from './containers.ts';
import { type ProgressMessage, readProgress } from './progress.ts';
import { authHeader, type RegistryAuth } from './registry-auth.ts';

export interface ImageSummary {
  readonly id: string;
  /** `name:tag`; empty for dangling images. */
  readonly tags: readonly string[];
  readonly digests: readonly string[];
  readonly createdAt: Date;
  readonly sizeBytes: number;
  readonly labels: Readonly<Record<string, string>>;
}

interface ImageWire {
  readonly Id: string;
  readonly RepoTags: readonly string[];
  readonly RepoDigests: readonly string[];
  readonly Created: number;
  readonly Size: number;
  readonly Labels: Readonly<Record<string, string>>;
}

const decodeImageWire: Decoder<ImageWire> = object<ImageWire>({
  Id: string,
  RepoTags: listOf(string),
  RepoDigests: listOf(string),
  Created: integer,
  Size: integer,
  Labels: mapOf(string),
});

export function decodeImage(value: unknown, at: string): ImageSummary {
  const wire = decodeImageWire(value, at);
  return {
    id: wire.Id,
    tags: wire.RepoTags.filter((tag) => tag !== '<none>:<none>'),
    digests: wire.RepoDigests,
    createdAt: new Date(wire.Created * 1000),
    sizeBytes: wire.Size,
    labels: wire.Labels,
  };
}

export interface ListImagesOptions {
  /** Intermediate images, too. */
  readonly isAll?: boolean;
  readonly filters?: Readonly<Record<string, readonly string[]>>;
}

/** Newest first. */
export function listImages(
  engine: EngineConnection,
  options: ListImagesOptions = {},
): Promise<readonly ImageSummary[]> {
  const query = { all: options.isAll, filters: options.filters };
  return engine.json({ method: 'GET', path: '/images/json', query }, listOf(decodeImage));
}

/** The engine's answer as it is, for people and for `--format`. @throws NaruError "not-found" */
export function inspectImage(
  engine: EngineConnection,
  name: string,
): Promise<Readonly<Record<string, unknown>>> {
  return engine.json(
    { method: 'GET', path: `${imagePath(name)}/json` },
    mapOf((value) => value),
  );
}

export interface ImageHistoryRow {
  readonly id: string;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly sizeBytes: number;
  readonly comment: string;
}

/** Newest first. */
export function imageHistory(engine: EngineConnection, name: string): Promise<readonly ImageHistoryRow[]> {
  return engine.json({ method: 'GET', path: `${imagePath(name)}/history` }, listOf(decodeHistory));
}

interface HistoryWire {
  readonly Id: string;
  readonly Created: number;
  readonly CreatedBy: string;
  readonly Size: number;
  readonly Comment: string;
}

const decodeHistoryWire: Decoder<HistoryWire> = object<HistoryWire>({
  Id: string,
  Created: integer,
  CreatedBy: string,
  Size: integer,
  Comment: string,
});

function decodeHistory(value: unknown, at: string): ImageHistoryRow {
  const wire = decodeHistoryWire(value, at);
  const createdAt = new Date(wire.Created * 1000);
  return { id: wire.Id, createdAt, createdBy: wire.CreatedBy, sizeBytes: wire.Size, comment: wire.Comment };
}

export interface TransferOptions {
  readonly auth?: RegistryAuth;
  /** `linux/arm64`. */
  readonly platform?: string;
  readonly signal?: AbortSignal;
}

/** Read to its end: the pull goes on as long as it is read. @throws NaruError "not-found", "unauthorized" */
export async function* pullImage(
  engine: EngineConnection,
  reference: string,
  options: TransferOptions = {},
): AsyncGenerator<ProgressMessage, void, void> {
  // Without a tag Docker would pull every tag there is.
  const tag = /:[^/]+$|@/.test(reference) ? undefined : 'latest';
  const { body } = await engine.stream({
    method: 'POST',
    path: '/images/create',
    query: { fromImage: reference, tag, platform: options.platform },
    headers: authHeader(options.auth),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  yield* readProgress(body);
}

/** Read to its end. @throws NaruError "not-found", "unauthorized" */
export async function* pushImage(
  engine: EngineConnection,
  repository: string,
  tag: string,
  options: TransferOptions = {},
): AsyncGenerator<ProgressMessage, void, void> {
  const { body } = await engine.stream({
    method: 'POST',
    path: `${imagePath(repository)}/push`,
    query: { tag },
    // Docker refuses a push without the header, even to a registry that wants none.
    headers: { 'x-registry-auth': 'e30=', ...authHeader(options.auth) },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  yield* readProgress(body);
}

export async function tagImage(
  engine: EngineConnection,
  name: string,
  repository: string,
  tag: string,
): Promise<void> {
  await engine.done({ method: 'POST', path: `${imagePath(name)}/tag`, query: { repo: repository, tag } });
}

export interface RemovedImage {
  readonly kind: 'untagged' | 'deleted';
  readonly name: string;
}

export interface RemoveImageOptions {
  readonly isForced?: boolean;
  /** Images without a name that it was made from stay. */
  readonly keepsParents?: boolean;
}

/** What happened, in order. @throws NaruError "conflict" when a container uses it */
export async function removeImage(
  engine: EngineConnection,
  name: string,
  { isForced, keepsParents }: RemoveImageOptions = {},
): Promise<readonly RemovedImage[]> {
  const query = { force: isForced, noprune: keepsParents };
  const call = { method: 'DELETE', path: imagePath(name), query } as const;
  const rows = await engine.json(call, listOf(object({ Untagged: string, Deleted: string })));
  return rows.map((row) =>
    row.Deleted === '' ? { kind: 'untagged', name: row.Untagged } : { kind: 'deleted', name: row.Deleted },
  );
}

/** Removes dangling images, or with `isAll` every unused one. */
export async function pruneImages(
  engine: EngineConnection,
  isAll: boolean,
  filters: Readonly<Record<string, readonly string[]>> = {},
): Promise<Pruned> {
  const query = { filters: { dangling: [isAll ? 'false' : 'true'], ...filters } };
  const answer = await engine.json({ method: 'POST', path: '/images/prune', query }, decodePrune);
  const removed = answer.ImagesDeleted.map((row) => row.Deleted || row.Untagged);
  return { removed, reclaimedBytes: answer.SpaceReclaimed };
}

const decodePrune: Decoder<{
  readonly ImagesDeleted: readonly { readonly Deleted: string; readonly Untagged: string }[];
  readonly SpaceReclaimed: number;
}> = object({
  ImagesDeleted: listOf(object({ Deleted: string, Untagged: string })),
  SpaceReclaimed: integer,
});

/** A tar of the images as `docker save` writes it. */
export async function saveImages(
  engine: EngineConnection,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const call = { method: 'GET', path: '/images/get', query: { names } } as const;
  return (await engine.stream({ ...call, ...(signal === undefined ? {} : { signal }) })).body;
}

/** Takes a tar as `docker save` writes it. */
export async function* loadImages(
  engine: EngineConnection,
  archive: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<ProgressMessage, void, void> {
  const { body } = await engine.stream({
    method: 'POST',
    path: '/images/load',
    headers: { 'content-type': 'application/x-tar' },
    stream: archive,
    ...(signal === undefined ? {} : { signal }),
  });
  yield* readProgress(body);
}

export interface NewImage {
  readonly repository?: string;
  readonly tag?: string;
  /** Lines of a Dockerfile that change the configuration. */
  readonly changes: readonly string[];
  /** Of the history. */
  readonly message?: string;
  readonly signal?: AbortSignal;
}

/** An image of one layer from a tar of files; answers its ID. */
export async function importImage(
  engine: EngineConnection,
  archive: AsyncIterable<Uint8Array>,
  { repository, tag, changes, message, platform, signal }: NewImage & { readonly platform?: string },
): Promise<string> {
  const { body } = await engine.stream({
    method: 'POST',
    path: '/images/create',
    query: { fromSrc: '-', repo: repository, tag, changes, message, platform },
    headers: { 'content-type': 'application/x-tar' },
    stream: archive,
    ...(signal === undefined ? {} : { signal }),
  });
  let id = '';
  for await (const { status } of readProgress(body)) id = status;
  return id;
}

/** An image from what a container changed; answers its ID. */
export async function commitContainer(
  engine: EngineConnection,
  container: string,
  options: NewImage & { readonly author?: string; readonly isPaused: boolean },
): Promise<string> {
  const { repository, tag, changes, message, author, isPaused, signal } = options;
  const query = { container, repo: repository, tag, comment: message, author, pause: isPaused, changes };
  const call = { method: 'POST', path: '/commit', query, body: {} } as const;
  const asked = signal === undefined ? call : { ...call, signal };
  return (await engine.json(asked, object({ Id: string }))).Id;
}

/** Slashes in names stay: the API takes them in its paths. */
function imagePath(name: string): string {
  return `/images/${name.split('/').map(encodeURIComponent).join('/')}`;
}
