/**
 * The value of `RUN --mount`: `type=cache,target=/x,ro`.
 * Follows BuildKit's parseMount (frontend/dockerfile/instructions/commands_runmount.go): fields in order, so that `type=` must come before the keys only some types know.
 */

import { parseByteSize } from './byte-size.ts';
import { goQuote } from './go-quote.ts';
import { MOUNT_TYPES, SHARING_MODES } from './instructions/run-flags.ts';
import { suggestion } from './suggestion.ts';

export type MountType = 'bind' | 'cache' | 'tmpfs' | 'secret' | 'ssh';

/** One mount with BuildKit's defaults applied. What was not given is absent. */
export interface Mount {
  readonly type: MountType;
  readonly from?: string;
  readonly source?: string;
  readonly target?: string;
  readonly isReadOnly: boolean;
  readonly sizeBytes?: number;
  readonly id?: string;
  readonly sharing?: 'shared' | 'private' | 'locked';
  readonly isRequired: boolean;
  /** Empty: the default name. */
  readonly env?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

export interface MountFault {
  readonly message: string;
  readonly hint?: string;
  /** Range in the value. */
  readonly start: number;
  readonly end: number;
}

export type ReadMount =
  | { readonly kind: 'mount'; readonly mount: Mount }
  | { readonly kind: 'fault'; readonly fault: MountFault }
  /** A field could not be expanded, so that no more can be said. */
  | { readonly kind: 'unknown' };

/**
 * Reads the value of one `--mount`.
 * `expand` expands the variables of a field's value, and answers undefined if that cannot be done now.
 */
export function readMount(value: string, expand: (text: string) => string | undefined): ReadMount {
  const draft: Draft = { type: 'bind' };
  const fields = splitFields(value);
  if (fields.length === 0)
    return faultIn({ key: '', start: 0, end: 0, text: '' }, { message: 'failed to parse csv mounts: EOF' });
  for (const field of fields) {
    const given = field.value;
    if (field.key === 'from' && given !== undefined) {
      const dollar = given.indexOf('$');
      if (dollar >= 0 && dollar < given.length - 1) return faultIn(field, FROM_VARIABLE);
    }
    const expanded = given === undefined ? undefined : expand(given);
    if (given !== undefined && expanded === undefined)
      return ALL_KEYS.includes(field.key) ? { kind: 'unknown' } : faultIn(field, unexpectedKey(field));
    const fault = applyField(draft, field, expanded);
    if (fault !== undefined) return faultIn(field, fault);
  }
  const whole: Field = { key: '', text: value, start: 0, end: value.length };
  const fault = wholeFault(draft);
  return fault === undefined ? { kind: 'mount', mount: finished(draft) } : faultIn(whole, { message: fault });
}

type Writable<T> = { -readonly [Key in keyof T]?: T[Key] | undefined };
type Draft = Writable<Mount> & { type: MountType };

interface Fault {
  readonly message: string;
  readonly hint?: string;
}

interface Field {
  /** Lower case. */
  readonly key: string;
  readonly value?: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const FROM_VARIABLE: Fault = {
  message: "'from' doesn't support variable expansion, define alias stage instead",
  hint: 'begin a stage with FROM …$variable… AS <name> and write from=<name>',
};

const TYPE_NAMES = MOUNT_TYPES.map(({ value }) => value);
const SHARING_NAMES = SHARING_MODES.map(({ value }) => value);
const BOOLEANS: Readonly<Record<string, boolean>> = {
  '1': true,
  t: true,
  T: true,
  true: true,
  TRUE: true,
  True: true,
  '0': false,
  f: false,
  F: false,
  false: false,
  FALSE: false,
  False: false,
};
const ALL_KEYS = [
  'type',
  'from',
  'source',
  'target',
  'readonly',
  'id',
  'sharing',
  'required',
  'size',
  'mode',
  'uid',
  'gid',
  'src',
  'dst',
  'destination',
  'ro',
  'rw',
  'readwrite',
  'env',
];

/** Comma-separated; a field in double quotes may hold commas. */
function splitFields(value: string): Field[] {
  const fields: Field[] = [];
  if (value === '') return fields;
  for (let start = 0; start <= value.length; ) {
    const end = endOfField(value, start);
    const written = value.slice(start, end);
    const text = written.includes('"') ? written.replace(/^"(.*)"$/s, '$1').replaceAll('""', '"') : written;
    const equals = text.indexOf('=');
    if (equals < 0) fields.push({ key: text.toLowerCase(), text, start, end });
    else {
      const key = text.slice(0, equals).toLowerCase();
      fields.push({ key, value: text.slice(equals + 1), text, start, end });
    }
    start = end + 1;
  }
  return fields;
}

/** Where the comma behind a field stands, or the end; one inside quotes does not count, and neither do quotes inside a field. */
function endOfField(value: string, start: number): number {
  const plain = value.startsWith('"', start) ? value.indexOf('"', start + 1) : start;
  const comma = plain < 0 ? -1 : value.indexOf(',', plain);
  return comma < 0 ? value.length : comma;
}

/** Enters a field into the draft; answers why it is refused. */
function applyField(draft: Draft, field: Field, value: string | undefined): Fault | undefined {
  if (value === undefined) return applyBareField(draft, field);
  const { key } = field;
  switch (key) {
    case 'type':
      return applyType(draft, value);
    case 'from':
      draft.from = value;
      return undefined;
    case 'source':
    case 'src':
      draft.source = value;
      return undefined;
    case 'target':
    case 'dst':
    case 'destination':
      draft.target = value;
      return undefined;
    case 'id':
      draft.id = value;
      return undefined;
    case 'env':
      draft.env = value;
      return undefined;
    case 'readonly':
    case 'ro':
    case 'readwrite':
    case 'rw':
    case 'required':
      return applyBoolean(draft, key, value);
    case 'sharing':
      return applySharing(draft, value);
    case 'size':
      return applySize(draft, value);
    case 'mode':
    case 'uid':
    case 'gid':
      return applyNumber(draft, key, value);
    default:
      return unexpectedKey(field);
  }
}

function applyBareField(draft: Draft, { key, text }: Field): Fault | undefined {
  if (key === 'readonly' || key === 'ro') draft.isReadOnly = true;
  else if (key === 'readwrite' || key === 'rw') draft.isReadOnly = false;
  else if (key !== 'required') return { message: `invalid field '${text}' must be a key=value pair` };
  else if (isRequirable(draft)) draft.isRequired = true;
  else return wrongType(draft, key);
  return undefined;
}

function applyType(draft: Draft, value: string): Fault | undefined {
  const type = value.toLowerCase();
  if (!TYPE_NAMES.includes(type)) {
    return withSuggestion(`unsupported mount type ${goQuote(value)}`, value, TYPE_NAMES);
  }
  // The list of names is the list of the union's members.
  draft.type = type as MountType;
  return undefined;
}

function applySharing(draft: Draft, value: string): Fault | undefined {
  const sharing = value.toLowerCase();
  if (!SHARING_NAMES.includes(sharing)) {
    return withSuggestion(`unsupported sharing value ${goQuote(value)}`, value, SHARING_NAMES);
  }
  // The list of names is the list of the union's members.
  draft.sharing = sharing as 'shared' | 'private' | 'locked';
  return undefined;
}

function applyBoolean(draft: Draft, key: string, value: string): Fault | undefined {
  if (key === 'required' && !isRequirable(draft)) return wrongType(draft, key);
  const isTrue = BOOLEANS[value];
  if (isTrue === undefined) return { message: `invalid value for ${key}: ${value}`, hint: 'true or false' };
  if (key === 'required') draft.isRequired = isTrue;
  else draft.isReadOnly = key === 'readonly' || key === 'ro' ? isTrue : !isTrue;
  return undefined;
}

function applySize(draft: Draft, value: string): Fault | undefined {
  if (draft.type !== 'tmpfs') return wrongType(draft, 'size');
  const sizeBytes = parseByteSize(value);
  if (sizeBytes === undefined)
    return { message: `invalid value for size: ${value}`, hint: 'write a number with a unit, such as 64m' };
  draft.sizeBytes = sizeBytes;
  return undefined;
}

function applyNumber(draft: Draft, key: 'mode' | 'uid' | 'gid', value: string): Fault | undefined {
  const isOctal = key === 'mode';
  const number = (isOctal ? /^[0-7]+$/ : /^\d+$/).test(value) ? Number.parseInt(value, isOctal ? 8 : 10) : -1;
  if (number < 0 || number >= 2 ** 32) {
    return {
      message: `invalid value ${value} for ${key}`,
      hint: isOctal ? 'write an octal mode, such as 0755' : 'write a number',
    };
  }
  draft[key] = number;
  return undefined;
}

function isRequirable(draft: Draft): boolean {
  return draft.type === 'secret' || draft.type === 'ssh';
}

function wrongType(draft: Draft, key: string): Fault {
  const message = `unexpected key '${key}' for mount type '${draft.type}'`;
  return { message, hint: 'type= must stand before it, with a type that knows this key' };
}

function wholeFault(draft: Draft): string | undefined {
  const { type } = draft;
  if (type === 'bind' || type === 'tmpfs') {
    for (const key of ['mode', 'uid', 'gid'] as const) {
      if (draft[key] !== undefined) return `${key} not allowed for "${type}" type mounts`;
    }
  }
  if (type === 'secret') {
    if ((draft.from ?? '') !== '') return 'secret mount should not have a from';
    if (draft.sharing !== undefined) return 'secret mount should not define sharing';
    const { source = '', target = '', id = '' } = draft;
    if (source === '' && target === '' && id === '')
      return 'invalid secret mount. one of source, target required';
    if (source !== '' && id !== '') return "both source and id can't be set";
  }
  if (draft.sharing !== undefined && type !== 'cache') return `invalid cache sharing set for ${type} mount`;
  return undefined;
}

function finished(draft: Draft): Mount {
  const { isReadOnly = draft.type !== 'cache' && draft.type !== 'tmpfs', isRequired = false } = draft;
  // Fields the draft holds were given; an undefined one was never written to it.
  return { ...(draft as Mount), isReadOnly, isRequired };
}

function unexpectedKey({ key, text }: Field): Fault {
  return withSuggestion(`unexpected key '${key}' in '${text}'`, key, ALL_KEYS);
}

function withSuggestion(message: string, written: string, options: readonly string[]): Fault {
  const meant = suggestion(written, options, 'case-sensitive');
  return { message, hint: meant === undefined ? `one of ${options.join(', ')}` : `did you mean ${meant}?` };
}

function faultIn(field: Field, fault: Fault): ReadMount {
  return { kind: 'fault', fault: { ...fault, start: field.start, end: field.end } };
}
