/** The query of `POST /build` as build options (docs.docker.com/reference/api/engine/version/v1.47/#tag/Image/operation/ImageBuild). */

import { type BuildOptions, defaultBuildOptions } from '../../../core/build/options.ts';
import type { ExtraHost, Ulimit } from '../../../core/build/run-settings.ts';
import { NaruError } from '../../../core/errors.ts';
import type { CacheSource } from '../../../core/protocol/cache-source.ts';
import { parsePlatform, type Platform } from '../../../core/oci/platform.ts';
import type { Query } from '../query.ts';

/** @throws NaruError "invalid-argument" for JSON that is none */
export function readBuildQuery(query: Query, enginePlatform: Platform): BuildOptions {
  const platform = query.text('platform');
  const network = query.text('networkmode');
  const shmSizeBytes = query.integer('shmsize');
  const target = query.text('target');
  const buildArgs = stringMap(query, 'buildargs');
  const epoch = buildArgs.get('SOURCE_DATE_EPOCH');
  return {
    ...defaultBuildOptions(enginePlatform),
    ...(platform === '' ? {} : { platform: parsePlatform(platform) }),
    ...(target === '' ? {} : { target }),
    buildArgs,
    labels: stringMap(query, 'labels'),
    noCache: query.flag('nocache'),
    extraHosts: query.all('extrahosts').flatMap((text) => text.split(',').map(readExtraHost)),
    network: network === 'none' || network === 'host' ? network : 'default',
    ...(shmSizeBytes === undefined || shmSizeBytes === 0 ? {} : { shmSizeBytes }),
    ulimits: readUlimits(query),
    ...(query.text('cgroupparent') === '' ? {} : { cgroupParent: query.text('cgroupparent') }),
    ...(epoch === undefined || !/^\d+$/.test(epoch) ? {} : { sourceDateEpoch: Number(epoch) }),
  };
}

/** Images that may hold steps of this build; names alone, as `docker build --cache-from` sends them. @throws NaruError "invalid-argument" for JSON that is none */
export function readCacheFrom(query: Query): readonly CacheSource[] {
  const value = jsonOf(query, 'cachefrom');
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrong('cachefrom');
  return value.map((reference: unknown) => ({ kind: 'image', reference: String(reference) }));
}

function stringMap(query: Query, name: string): ReadonlyMap<string, string> {
  const value = jsonOf(query, name);
  if (value === undefined || value === null) return new Map();
  if (typeof value !== 'object' || Array.isArray(value)) throw wrong(name);
  const entries = Object.entries(value).filter(([, text]) => typeof text === 'string');
  return new Map(entries.map(([key, text]) => [key, String(text)]));
}

function readUlimits(query: Query): readonly Ulimit[] {
  const value = jsonOf(query, 'ulimits');
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrong('ulimits');
  return value.map((item: unknown): Ulimit => {
    if (typeof item !== 'object' || item === null || !('Name' in item)) throw wrong('ulimits');
    const soft = 'Soft' in item ? Number(item.Soft) : 0;
    return { name: String(item.Name), soft, hard: 'Hard' in item ? Number(item.Hard) : soft };
  });
}

/** `name:address` and `name=address`. */
function readExtraHost(text: string): ExtraHost {
  const at = text.search(/[:=]/);
  return { name: text.slice(0, at), address: text.slice(at + 1).replace(/^\[|\]$/g, '') };
}

function jsonOf(query: Query, name: string): unknown {
  const text = query.text(name);
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw wrong(name);
  }
}

function wrong(name: string): NaruError {
  return new NaruError('invalid-argument', 'E_QUERY', `invalid value for ${name}`);
}
