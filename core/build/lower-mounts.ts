/**
 * `RUN --mount=type=…`: bind, cache, tmpfs, secret and ssh, with BuildKit's defaults.
 * Follows docs.docker.com/reference/dockerfile/#run---mount and instructions/commands_runmount.go.
 */

import { cleanPath } from '../context/paths.ts';
import { parseByteSize } from '../dockerfile/byte-size.ts';
import type { Flag, RunInstruction } from '../dockerfile/types.ts';

import type { RunMount, SourceRef } from './ops.ts';
import { mainContext, sourceFor } from './sources.ts';
import type { StageState } from './planner.ts';
import { currentDirectory, expandText, report } from './stage-state.ts';
import { lastComponent, resolvePath } from './unix-path.ts';

/** The mounts of a RUN in order; one that cannot be understood is reported and left out. */
export async function lowerMounts(state: StageState, run: RunInstruction): Promise<readonly RunMount[]> {
  const mounts: RunMount[] = [];
  let nAgents = 0;
  for (const flag of run.flags) {
    if (flag.name !== 'mount') continue;
    const fields = readFields(state, flag);
    if (fields.get('type') === 'ssh') nAgents += 1;
    const mount = await lowerMount(state, run, flag, fields, nAgents - 1);
    if (mount !== undefined) mounts.push(mount);
  }
  return mounts;
}

type Fields = ReadonlyMap<string, string>;

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['src', 'source'],
  ['dst', 'target'],
  ['destination', 'target'],
  ['ro', 'readonly'],
  ['rw', 'readwrite'],
]);

/** Keys in lower case under their full names; a key without value is `true`. */
function readFields(state: StageState, flag: Flag): Fields {
  const fields = new Map<string, string>();
  for (const field of splitCsv(flag.value ?? '')) {
    const equals = field.indexOf('=');
    const written = (equals < 0 ? field : field.slice(0, equals)).trim().toLowerCase();
    const key = ALIASES.get(written) ?? written;
    const value = equals < 0 ? 'true' : field.slice(equals + 1);
    // Docker: `from` is the only key whose value is not expanded.
    const text = key === 'from' ? value : expandText(state, value, flag.valueSpan ?? flag.span);
    fields.set(key, key === 'type' ? text.toLowerCase() : text);
  }
  return fields;
}

/** One CSV line: fields may be quoted as a whole. */
function splitCsv(text: string): readonly string[] {
  const fields: string[] = [];
  for (const match of text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    fields.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
  }
  return fields.filter((field) => field !== '');
}

async function lowerMount(
  state: StageState,
  run: RunInstruction,
  flag: Flag,
  fields: Fields,
  agentIndex: number,
): Promise<RunMount | undefined> {
  switch (fields.get('type') ?? 'bind') {
    case 'bind':
      return bindMount(state, run, flag, fields);
    case 'cache':
      return cacheMount(state, run, flag, fields);
    case 'tmpfs': {
      const target = targetOf(state, flag, fields);
      if (target === undefined) return undefined;
      const sizeBytes = parseByteSize(fields.get('size') ?? '');
      return { kind: 'tmpfs', target, ...(sizeBytes === undefined ? {} : { sizeBytes }) };
    }
    case 'secret':
      return secretMount(state, flag, fields);
    case 'ssh': {
      if (fields.has('source')) report(state, 'E_MOUNT', 'ssh does not support source', flag.span);
      const variable = fields.get('target') ?? `/run/buildkit/ssh_agent.${agentIndex}`;
      const target = resolvePath(currentDirectory(state), variable);
      const id = fields.get('id') ?? 'default';
      const isRequired = isSet(fields, 'required');
      return { kind: 'ssh', id, target, variable, isRequired, ...ownership(fields, 0o600) };
    }
    default:
      report(state, 'E_MOUNT', `unsupported mount type ${JSON.stringify(fields.get('type'))}`, flag.span);
      return undefined;
  }
}

async function bindMount(
  state: StageState,
  run: RunInstruction,
  flag: Flag,
  fields: Fields,
): Promise<RunMount | undefined> {
  const target = targetOf(state, flag, fields);
  const source = await sourceOf(state, run, flag, fields);
  if (target === undefined || source === undefined) return undefined;
  const isWritable = isSet(fields, 'readwrite') || fields.get('readonly') === 'false';
  return { kind: 'bind', target, isReadonly: !isWritable, source, path: sourcePath(fields) };
}

async function cacheMount(
  state: StageState,
  run: RunInstruction,
  flag: Flag,
  fields: Fields,
): Promise<RunMount | undefined> {
  const target = targetOf(state, flag, fields);
  if (target === undefined) return undefined;
  const source = fields.has('from') ? await sourceOf(state, run, flag, fields) : undefined;
  const prefix = state.planner.options.buildArgs.get('BUILDKIT_CACHE_MOUNT_NS') ?? '';
  const namespace = prefix === '' ? '' : `${prefix}/`;
  const sharing = fields.get('sharing') ?? 'shared';
  if (sharing !== 'shared' && sharing !== 'private' && sharing !== 'locked') {
    report(state, 'E_MOUNT', `unsupported sharing value ${JSON.stringify(sharing)}`, flag.span);
    return undefined;
  }
  return {
    kind: 'cache',
    target,
    id: namespace + (fields.get('id') ?? cleanPath(fields.get('target') ?? '.')),
    sharing,
    isReadonly: isSet(fields, 'readonly'),
    ...ownership(fields, 0o755),
    ...(source === undefined ? {} : { source }),
    path: sourcePath(fields),
  };
}

function secretMount(state: StageState, flag: Flag, fields: Fields): RunMount | undefined {
  const named = fields.get('source') ?? fields.get('id');
  const asked = fields.get('target');
  if (named === undefined && asked === undefined) {
    report(state, 'E_MOUNT', 'one of source, target required', flag.span);
    return undefined;
  }
  const id = named ?? lastComponent(asked ?? '');
  const env = fields.get('env');
  const target = asked ?? (env === undefined ? `/run/secrets/${lastComponent(id)}` : undefined);
  return {
    kind: 'secret',
    id,
    ...(target === undefined ? {} : { target: resolvePath(currentDirectory(state), target) }),
    ...(env === undefined ? {} : { env }),
    isRequired: isSet(fields, 'required'),
    ...ownership(fields, 0o400),
  };
}

async function sourceOf(
  state: StageState,
  run: RunInstruction,
  flag: Flag,
  fields: Fields,
): Promise<SourceRef | undefined> {
  const from = fields.get('from');
  if (from === undefined) return mainContext(state, run);
  // Docker: a number is no stage here, but a name like any other.
  return sourceFor(state, run, from, { span: flag.valueSpan ?? flag.span, takesNumbers: false });
}

/** Clean and absolute; relative ones stand below the working directory, which is also where a mount without one appears. */
function targetOf(state: StageState, flag: Flag, fields: Fields): string | undefined {
  const target = fields.get('target');
  const path = resolvePath(currentDirectory(state), target ?? '');
  if (path !== '/') return path;
  report(state, 'E_MOUNT', `invalid mount target ${JSON.stringify(path)}`, flag.span);
  return undefined;
}

function sourcePath(fields: Fields): string {
  return resolvePath('/', fields.get('source') ?? '').slice(1);
}

function ownership(fields: Fields, mode: number): { uid: number; gid: number; mode: number } {
  return {
    uid: Number(fields.get('uid') ?? '0'),
    gid: Number(fields.get('gid') ?? '0'),
    mode: fields.has('mode') ? Number.parseInt(fields.get('mode') ?? '', 8) : mode,
  };
}

function isSet(fields: Fields, key: string): boolean {
  const value = fields.get(key)?.toLowerCase();
  return value === 'true' || value === '1';
}
