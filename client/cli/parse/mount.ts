/** `--mount type=bind,source=…,target=…,readonly`, as docker's CLI reads it. */

import { NaruError } from '../../../core/errors.ts';
import type { MountRequest } from '../../driver/engine/container-spec.ts';
import { parseBytes } from './quantity.ts';

/** `resolvePath` makes the source of a bind absolute. @throws NaruError "invalid-argument" naming the field at fault */
export function parseMount(text: string, resolvePath: (path: string) => string): MountRequest {
  const fields = new Map<string, string>();
  const lists = { 'volume-label': [] as string[], 'volume-opt': [] as string[] };
  for (const field of text.split(',')) {
    const at = field.indexOf('=');
    const name = (at < 0 ? field : field.slice(0, at)).trim().toLowerCase();
    const value = at < 0 ? undefined : field.slice(at + 1);
    const known = NAMES.get(name);
    if (known === undefined) throw wrong(text, `unknown field ${JSON.stringify(name)}`);
    if (value === undefined && !SWITCHES.has(known)) throw wrong(text, `${name} lacks a value`);
    if (known === 'volume-label' || known === 'volume-opt') lists[known].push(value ?? '');
    else fields.set(known, value ?? 'true');
  }
  const kind = fields.get('type') ?? 'volume';
  if (kind !== 'bind' && kind !== 'volume' && kind !== 'tmpfs')
    throw wrong(text, `unknown type ${JSON.stringify(kind)}`);
  const target = fields.get('target');
  const source = fields.get('source');
  if (target === undefined || target === '') throw wrong(text, 'target is missing');
  if (kind === 'bind' && (source === undefined || source === '')) throw wrong(text, 'a bind needs a source');
  if (kind === 'tmpfs' && source !== undefined) throw wrong(text, 'a tmpfs has no source');
  return {
    kind,
    target,
    ...(source === undefined ? {} : { source: kind === 'bind' ? resolvePath(source) : source }),
    ...given('isReadonly', isOn(fields.get('readonly'), text)),
    ...given('propagation', fields.get('bind-propagation')),
    ...given('isVolumeLeftEmpty', isOn(fields.get('volume-nocopy'), text)),
    ...given('volumeDriver', fields.get('volume-driver')),
    ...given('volumeSubpath', fields.get('volume-subpath')),
    ...given('volumeLabels', pairs(lists['volume-label'])),
    ...given('volumeOptions', pairs(lists['volume-opt'])),
    ...given('sizeBytes', bytes(fields.get('tmpfs-size'))),
    ...given('mode', mode(fields.get('tmpfs-mode'), text)),
  };
}

/** Other spellings of a field. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ...[
    'type',
    'readonly',
    'bind-propagation',
    'volume-nocopy',
    'volume-driver',
    'volume-subpath',
    'volume-label',
    'volume-opt',
    'tmpfs-size',
    'tmpfs-mode',
    'source',
    'target',
  ].map((name) => [name, name] as const),
  ['src', 'source'],
  ['dst', 'target'],
  ['destination', 'target'],
  ['ro', 'readonly'],
]);

const SWITCHES: ReadonlySet<string> = new Set(['readonly', 'volume-nocopy']);

function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [Key in Name]: Value }); // the only key there is
}

function isOn(value: string | undefined, text: string): boolean | undefined {
  if (value === undefined) return undefined;
  if (['true', '1'].includes(value)) return true;
  if (['false', '0'].includes(value)) return false;
  throw wrong(text, `${JSON.stringify(value)} is neither true nor false`);
}

function pairs(texts: readonly string[]): Readonly<Record<string, string>> | undefined {
  if (texts.length === 0) return undefined;
  return Object.fromEntries(texts.map((text) => [text.replace(/=.*/s, ''), text.replace(/^[^=]*=?/s, '')]));
}

function bytes(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseBytes('--mount: tmpfs-size', text);
}

function mode(value: string | undefined, text: string): number | undefined {
  if (value === undefined) return undefined;
  if (/^[0-7]{1,4}$/.test(value)) return Number.parseInt(value, 8);
  throw wrong(text, `tmpfs-mode: ${JSON.stringify(value)} is no octal mode`);
}

function wrong(text: string, what: string): NaruError {
  return new NaruError('invalid-argument', 'E_MOUNT', `--mount ${text}: ${what}`, {
    hint: 'write type=bind,source=./data,target=/data, or type=volume,source=NAME,target=/data',
  });
}
