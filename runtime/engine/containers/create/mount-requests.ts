/** `-v`, `--mount`, image volumes and `--volumes-from` as one list of mounts. Pure; error texts are dockerd's. */

import { NaruError } from '../../../../core/errors.ts';
import type { ContainerConfig, HostOptions, MountPoint, MountRequest } from '../container.ts';

/** A mount as asked for, in the one shape of `--mount`. */
export interface WantedMount extends MountRequest {
  /** The options of `-v`, as written; '' for `--mount`. */
  readonly mode: string;
  /** The source must exist (`--mount`); `-v` makes a directory. */
  readonly needsSource: boolean;
}

const PROPAGATIONS: ReadonlySet<string> = new Set([
  'private',
  'rprivate',
  'shared',
  'rshared',
  'slave',
  'rslave',
]);
/** Accepted and without effect here: labels of SELinux, and hints for file sharing of Docker Desktop. */
const IGNORED_MODES: ReadonlySet<string> = new Set(['z', 'Z', 'consistent', 'cached', 'delegated', 'copy']);

/**
 * In order of destination depth; `inherited` are the mounts of `--volumes-from`.
 * Docker: `-v` and `--mount` of the same destination conflict; either hides an inherited mount or an image's volume.
 *
 * @throws NaruError "invalid-argument"
 */
export function wantedMounts(
  config: ContainerConfig,
  host: HostOptions,
  inherited: readonly MountPoint[],
): { readonly mounts: readonly WantedMount[]; readonly inherited: readonly MountPoint[] } {
  const asked = [...(host.binds ?? []).map(parseBind), ...(host.mounts ?? []).map(fromMount)];
  const taken = new Set<string>();
  for (const { target } of asked) {
    if (taken.has(target)) throw wrong(`Duplicate mount point: ${target}`);
    taken.add(target);
  }
  for (const target of Object.keys(host.tmpfs ?? {})) taken.add(clean(target));
  const kept = inherited.filter((mount) => !taken.has(mount.destination));
  for (const mount of kept) taken.add(mount.destination);
  const anonymous = (config.volumes ?? [])
    .map(clean)
    .filter((target) => !taken.has(target))
    .map((target): WantedMount => ({ type: 'volume', target, mode: '', needsSource: false }));
  return { mounts: [...asked, ...anonymous], inherited: kept };
}

/** `src:dst[:mode]`, `name:dst[:mode]` or `dst`. */
export function parseBind(text: string): WantedMount {
  const parts = text.split(':');
  const [first = '', second, mode = ''] = parts;
  if (parts.length > 3 || first === '' || second === '')
    throw wrong(`invalid volume specification: '${text}'`);
  const target = checkTarget(second ?? first, text);
  const options = mode === '' ? [] : mode.split(',');
  const unknown = options.find((option) => !isKnownMode(option));
  const isTwice = options.includes('ro') && options.includes('rw');
  if (unknown !== undefined || isTwice) throw wrong(`invalid mode: ${mode}`);
  const source = second === undefined ? '' : first;
  const propagation = options.find((option) => PROPAGATIONS.has(option));
  const isBind = source.startsWith('/');
  return {
    type: isBind ? 'bind' : 'volume',
    source: isBind ? clean(source) : source,
    target,
    readOnly: options.includes('ro'),
    ...(isBind && propagation !== undefined ? { bind: { propagation } } : {}),
    ...(!isBind && options.includes('nocopy') ? { volume: { noCopy: true } } : {}),
    mode,
    needsSource: false,
  };
}

function fromMount(mount: MountRequest): WantedMount {
  const target = checkTarget(mount.target, mount.target);
  if (mount.type === 'bind' && !(mount.source ?? '').startsWith('/')) {
    throw wrong(
      `invalid mount config for type "bind": invalid mount path: '${mount.source ?? ''}' mount path must be absolute`,
    );
  }
  if (mount.type === 'tmpfs' && (mount.source ?? '') !== '') {
    throw wrong('invalid mount config for type "tmpfs": field Source must not be specified');
  }
  if (mount.type === 'volume' && (mount.source ?? '') === '' && mount.readOnly === true) {
    throw wrong(
      'invalid mount config for type "volume": must not set ReadOnly mode when using anonymous volumes',
    );
  }
  const propagation = mount.bind?.propagation ?? '';
  if (propagation !== '' && !PROPAGATIONS.has(propagation))
    throw wrong(`invalid mount config for type "bind": invalid propagation mode: ${propagation}`);
  return { ...mount, target, mode: '', needsSource: mount.bind?.createMountpoint !== true };
}

function isKnownMode(option: string): boolean {
  return ['ro', 'rw', 'nocopy'].includes(option) || PROPAGATIONS.has(option) || IGNORED_MODES.has(option);
}

function checkTarget(target: string, text: string): string {
  if (!target.startsWith('/'))
    throw wrong(
      `invalid volume specification: '${text}': invalid mount path: '${target}' mount path must be absolute`,
    );
  const path = clean(target);
  if (path === '/')
    throw wrong(
      `invalid volume specification: '${text}': invalid mount config for type "volume": invalid specification: destination can't be '/'`,
    );
  return path;
}

/** Without empty, `.` and `..` parts and without a trailing slash. */
export function clean(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function wrong(message: string): NaruError {
  return new NaruError('invalid-argument', 'E_MOUNT', message);
}
