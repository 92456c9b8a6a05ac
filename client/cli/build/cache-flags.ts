/** `--cache-from` and `--cache-to`, as docker buildx writes them. */

import { resolve } from 'node:path';

import { NaruError } from '../../../core/errors.ts';
import { parseReference } from '../../../core/oci/reference.ts';
import type { CacheMode } from '../../../core/protocol/cache-carry.ts';
import { DEFAULT_TAG } from '../../driver/cache/cache-directory.ts';
import { parseAssignments } from '../parse/quantity.ts';

export type CacheFrom =
  | { readonly kind: 'local'; readonly directory: string; readonly tag: string }
  | { readonly kind: 'image'; readonly reference: string };

export type CacheTo =
  | {
      readonly kind: 'local';
      readonly directory: string;
      readonly tag: string;
      readonly mode: CacheMode;
      readonly ignoresErrors: boolean;
    }
  | { readonly kind: 'inline' };

const LATER = ['registry', 'gha', 's3', 'azblob'];

/** An image alone, or `type=registry,ref=IMAGE`, is one that the engine has. @throws NaruError "invalid-argument", "unimplemented" */
export function readCacheFrom(text: string, cwd: string): CacheFrom {
  const fields = fieldsOf(text);
  const type = fields.get('type') ?? 'registry';
  if (type === 'local') {
    const source = required('--cache-from', type, fields, 'src');
    return { kind: 'local', directory: resolve(cwd, source), tag: fields.get('tag') ?? DEFAULT_TAG };
  }
  if (type === 'registry' || type === 'inline') {
    const reference = required('--cache-from', type, fields, 'ref');
    parseReference(reference);
    return { kind: 'image', reference };
  }
  throw unknown('--cache-from', type);
}

/** @throws NaruError "invalid-argument", "unimplemented" */
export function readCacheTo(text: string, cwd: string): CacheTo {
  const fields = fieldsOf(text);
  const type = fields.get('type') ?? 'registry';
  if (type === 'inline') return { kind: 'inline' };
  if (type !== 'local') throw unknown('--cache-to', type);
  const mode = fields.get('mode') ?? 'min';
  if (mode !== 'min' && mode !== 'max') {
    const message = `--cache-to: mode ${JSON.stringify(mode)} is neither min nor max`;
    throw new NaruError('invalid-argument', 'E_CACHE_FLAG', message);
  }
  return {
    kind: 'local',
    directory: resolve(cwd, required('--cache-to', type, fields, 'dest')),
    tag: fields.get('tag') ?? DEFAULT_TAG,
    mode,
    ignoresErrors: fields.get('ignore-error') === 'true',
  };
}

function fieldsOf(text: string): ReadonlyMap<string, string> {
  return text.includes('=') ? parseAssignments(text.split(','), {}) : new Map([['ref', text]]);
}

function required(flag: string, type: string, fields: ReadonlyMap<string, string>, name: string): string {
  const value = fields.get(name);
  if (value !== undefined && value !== '') return value;
  throw new NaruError('invalid-argument', 'E_CACHE_FLAG', `${flag}: type=${type} requires ${name}`);
}

function unknown(flag: string, type: string): NaruError {
  const hint = 'use type=local with a directory, or type=inline';
  if (!LATER.includes(type)) {
    return new NaruError(
      'invalid-argument',
      'E_CACHE_FLAG',
      `${flag}: unknown type ${JSON.stringify(type)}`,
      { hint },
    );
  }
  return new NaruError('unimplemented', 'E_CACHE_TYPE', `${flag}: type=${type} is not supported yet`, {
    hint,
  });
}
