/**
 * The only place where a cache key is made.
 * A key says what a step can observe: its own definition (`components`), the filesystem it starts from, and what it takes from other stages.
 * COPY is keyed on what lands in the image and not on how the source was spelled.
 * The rules and their reasons are in docs/decisions/0004-cache-keys.md.
 */

import type { Digest } from '../oci/digest.ts';
import { formatPlatform, type Platform } from '../oci/platform.ts';

import type { ContextKeys, KeyComponent, Selection } from './cache-record.ts';
import { copyComponents, namedFiles } from './copy-components.ts';
import { digestOfParts } from './encoding.ts';
import { exactLanding, fileComponents, lastValue, type LandedFiles, landingKind } from './landed-files.ts';
import type { CopyOp, MkdirOp, Op } from './ops.ts';
import type { RawComponent } from './raw-component.ts';
import { runComponents } from './run-components.ts';

export interface LocalKeys {
  /** Digest of the components with their real values; order matters. */
  readonly local: Digest;
  /** The same for a copy of one file whose name does not reach the image (`exactLanding`). */
  readonly localExact?: Digest;
  /** Of a copy of the build context alone. */
  readonly context?: ContextKeys;
}

export interface KeyMaterial extends LocalKeys {
  readonly components: readonly KeyComponent[];
}

/** Files of build contexts an op reads, by the index of the mount; COPY and ADD use -1. */
export type ContextFiles = ReadonlyMap<number, LandedFiles>;

/**
 * What the op contributes by itself; sources that are other vertices are not in it.
 * `files` must hold what the op reads of build contexts.
 */
export function keyMaterial(op: Op, files: ContextFiles): KeyMaterial {
  const raw = rawComponents(op, files);
  const landed = op.kind === 'copy' ? files.get(-1) : undefined;
  const exact = landed === undefined ? undefined : exactLanding(landed);
  const context = op.kind === 'copy' ? contextKeys(op, landed) : undefined;
  return {
    local: localDigest(op, raw),
    ...(exact === undefined
      ? {}
      : { localExact: localDigest(op, rawComponents(op, new Map([[-1, exact]]))) }),
    ...(context === undefined ? {} : { context }),
    components: raw.map(storedComponent),
  };
}

/** A context counts by what lands of it; files that the Dockerfile itself holds have no place in such a key. */
function contextKeys(op: CopyOp, landed: LandedFiles | undefined): ContextKeys | undefined {
  const { from, sources } = op;
  if (!sources.every(({ kind }) => kind === 'path')) return undefined;
  if (from.kind === 'vertex' && from.isContext !== true) return undefined;
  if (from.kind === 'context' && landed === undefined) return undefined;
  const parts = copyComponents({ ...op, from: { kind: 'vertex', vertex: 0 } }, undefined);
  return {
    local: digestOfParts(
      'local.context',
      parts.flatMap(({ kind, name, value }) => [kind, name, value]),
    ),
    ...(landed === undefined ? {} : { content: contentDigest(landed, op) }),
  };
}

/** Key of a base image: its layers and platform. The tag and the config are not in it; the config acts through the steps. */
export function imageKey(diffIds: readonly Digest[], platform: Platform): Digest {
  return digestOfParts('rootfs', [formatPlatform(platform), ...diffIds]);
}

/** Key of the empty filesystem. */
export function scratchKey(): Digest {
  return digestOfParts('scratch', []);
}

export function partialKey(local: Digest, rootKey: Digest | undefined): Digest {
  return digestOfParts('partial', [local, rootKey]);
}

/** `sources` in the order the op reads them. */
export function vertexKey(partial: Digest, sources: readonly Digest[]): Digest {
  return digestOfParts('vertex', [partial, ...sources]);
}

/** Key of an op that starts from nothing and reads nothing: a download, a repository. */
export function sourceKey(op: Op): Digest {
  return vertexKey(partialKey(keyMaterial(op, new Map()).local, undefined), []);
}

/** A source by what made it and which part of it is read. */
export function definitionSourceKey(key: Digest, selection: Selection): Digest {
  return digestOfParts('source.definition', [key, ...selectionParts(selection)]);
}

/** A source by the digest of what the selection lands (`contentDigest`). */
export function contentSourceKey(content: Digest): Digest {
  return digestOfParts('source.content', [content]);
}

/** Digest of what a selection lands, without times. Where archives are unpacked, it counts which files are named. */
export function contentDigest(
  landed: LandedFiles,
  { unpacks = false }: { readonly unpacks?: boolean },
): Digest {
  const parts: string[] = [landed.landing, landingKind(landed), lastValue(landed)];
  const files = fileComponents('', landed);
  for (const { name, value } of unpacks ? namedFiles(files, landed) : files) parts.push(name, value);
  return digestOfParts('content', parts);
}

/** Where times are normalised: a step that changed `rootKey` by exactly this is the same step result. */
export function resultKey(rootKey: Digest | undefined, changes: Digest): Digest {
  return digestOfParts('result', [rootKey, changes]);
}

/** Key of a result whose definition already has a record, made by `--no-cache`: steps above it must not find what was built on the older one. */
export function regeneratedKey(definition: Digest, result: string): Digest {
  return digestOfParts('regenerated', [definition, result]);
}

function localDigest(op: Op, raw: readonly RawComponent[]): Digest {
  const parts: string[] = [];
  for (const { kind, name, value } of raw) parts.push(kind, name, value);
  return digestOfParts(`local.${op.kind}`, parts);
}

function rawComponents(op: Op, files: ContextFiles): readonly RawComponent[] {
  switch (op.kind) {
    case 'run':
      return runComponents(op, files);
    case 'copy':
      return copyComponents(op, files.get(-1));
    case 'mkdir':
      return mkdirComponents(op);
    case 'http':
      return op.checksum === undefined
        ? [component('source', 'url', op.url), component('destination', 'name', op.fileName)]
        : [component('source', 'checksum', op.checksum), component('destination', 'name', op.fileName)];
    case 'git':
      return [
        component('source', 'remote', op.remote),
        component('source', 'subdirectory', op.subdirectory),
        component('flag', 'keep-git-dir', String(op.keepsGitDirectory)),
        ...(op.commit === undefined
          ? [component('source', 'ref', op.ref), component('source', 'checksum', op.checksum ?? '')]
          : [component('source', 'commit', op.commit)]),
      ];
    case 'merge':
    case 'image':
    case 'scratch':
    case 'stage':
    case 'metadata':
      return [];
  }
}

function mkdirComponents(op: MkdirOp): readonly RawComponent[] {
  const parts = [component('workdir', 'path', op.path), component('user', 'owner', op.user)];
  return op.sourceDateEpoch === undefined
    ? parts
    : [...parts, component('option', 'SOURCE_DATE_EPOCH', String(op.sourceDateEpoch))];
}

function selectionParts(selection: Selection): readonly string[] {
  switch (selection.kind) {
    case 'layer':
      return ['layer'];
    case 'tree':
      return ['tree', selection.path];
    case 'copy': {
      const { sources, excludes, keepsParents } = selection;
      return ['copy', String(keepsParents), String(excludes.length), ...excludes, ...sources];
    }
  }
}

function component(kind: KeyComponent['kind'], name: string, value: string): RawComponent {
  return { kind, name, value };
}

function storedComponent({ kind, name, value, stored, path }: RawComponent): KeyComponent {
  return { kind, name, value: stored ?? value, ...(path === undefined ? {} : { path }) };
}
