/** Checks that JSON from outside is an image config as far as the engine relies on it; the rest is kept as it came. */

import { NaruError } from '../errors.ts';
import { parseDigest } from './digest.ts';
import type { ImageConfig } from './image-config.ts';

/** @throws NaruError "invalid-argument" E_IMAGE_CONFIG naming the field, E_DIGEST */
export function decodeImageConfig(value: unknown): ImageConfig {
  const fields = record(value, 'image config');
  for (const name of ['architecture', 'os', 'created', 'author', 'variant'] as const) {
    const given = fields[name];
    if (given !== undefined && given !== null && typeof given !== 'string')
      throw wrong(`${name} must be a string`);
  }
  const rootfs = record(fields['rootfs'] ?? { type: 'layers', diff_ids: [] }, 'image config: rootfs');
  const diffIds = rootfs['diff_ids'] ?? [];
  if (!Array.isArray(diffIds)) throw wrong('rootfs.diff_ids must be a list');
  const history = fields['history'] ?? [];
  if (!Array.isArray(history)) throw wrong('history must be a list');
  const config = fields['config'] ?? {};
  record(config, 'image config: config');
  const decoded = {
    ...fields,
    architecture: fields['architecture'] ?? '',
    os: fields['os'] ?? 'linux',
    config,
    history,
    rootfs: { type: 'layers', diff_ids: diffIds.map((diffId) => parseDigest(String(diffId))) },
  };
  return decoded as unknown as ImageConfig; // the fields the engine relies on were checked above
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new NaruError('invalid-argument', 'E_IMAGE_CONFIG', `${what} must be an object`);
  }
  return value as Readonly<Record<string, unknown>>; // a JSON object, by the line above
}

function wrong(message: string): NaruError {
  return new NaruError('invalid-argument', 'E_IMAGE_CONFIG', `image config: ${message}`);
}
