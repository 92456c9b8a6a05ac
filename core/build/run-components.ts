/** What RUN can observe: argv, environment, directory, user, network, limits and mounts. Contents of secrets and caches are not among it. */

import { formatPlatform } from '../oci/platform.ts';

import { digestOfParts } from './encoding.ts';
import { fileComponents, type LandedFiles } from './landed-files.ts';
import type { RunMount, RunOp } from './ops.ts';
import type { RawComponent } from './raw-component.ts';

/** `files` holds the context files of bind mounts by mount index. */
export function runComponents(op: RunOp, files: ReadonlyMap<number, LandedFiles>): readonly RawComponent[] {
  const parts: RawComponent[] = op.argv.map((value, at) => ({ kind: 'command', name: String(at), value }));
  for (const pipe of op.pipes)
    parts.push({ kind: 'command', name: `pipe ${pipe.name}`, value: pipe.content });
  parts.push(...environment(op));
  parts.push({ kind: 'workdir', name: 'path', value: op.cwd });
  parts.push({ kind: 'user', name: 'user', value: op.user });
  parts.push({ kind: 'platform', name: 'platform', value: formatPlatform(op.platform) });
  parts.push(...options(op));
  op.mounts.forEach((mount, at) => {
    parts.push({ kind: 'mount', name: mountName(mount), value: mountValue(mount) });
    const landed = files.get(at);
    if (landed !== undefined) parts.push(...fileComponents(mountName(mount), landed));
  });
  return parts;
}

/** Of all values of ARG that a RUN sees together; undefined where it sees none. */
export function argsDigest({ argNames, env }: RunOp): string | undefined {
  if (argNames.length === 0) return undefined;
  return shortDigest(JSON.stringify(argNames.toSorted().map((name) => [name, env.get(name)])));
}

/** Names whose values are not stored in clear even when they come from ENV. */
function looksSecret(name: string): boolean {
  return /pass(word|wd)?|secret|token|api_?key|private_?key|credential|auth/i.test(name);
}

/** Sorted by name: order of declaration is not observable. */
function environment(op: RunOp): readonly RawComponent[] {
  const args = new Set(op.argNames);
  return [...op.env]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => {
      const kind = args.has(name) ? 'arg' : 'env';
      return kind === 'arg' || looksSecret(name)
        ? { kind, name, value, stored: shortDigest(value) }
        : { kind, name, value };
    });
}

/** Addresses of extra hosts are left out, as BuildKit leaves them out: the name is what a recipe depends on. */
function options(op: RunOp): readonly RawComponent[] {
  const parts: RawComponent[] = [option('network', op.network)];
  if (op.security === 'insecure') parts.push(option('security', op.security));
  for (const host of op.extraHosts) parts.push({ kind: 'host', name: host.name, value: 'present' });
  for (const { name, soft, hard } of op.ulimits) parts.push(option(`ulimit ${name}`, `${soft}:${hard}`));
  if (op.shmSizeBytes !== undefined) parts.push(option('shm-size', String(op.shmSizeBytes)));
  if (op.cgroupParent !== undefined) parts.push(option('cgroup-parent', op.cgroupParent));
  if (op.hostname !== undefined) parts.push(option('hostname', op.hostname));
  if (op.sourceDateEpoch !== undefined) parts.push(option('SOURCE_DATE_EPOCH', String(op.sourceDateEpoch)));
  return parts;
}

function option(name: string, value: string): RawComponent {
  return { kind: 'option', name, value };
}

function mountName(mount: RunMount): string {
  return mount.kind === 'secret' ? (mount.target ?? `$${mount.env ?? mount.id}`) : mount.target;
}

/** What a mount takes of its source counts by its files, not by where they lie there. Id and sharing of a cache mount are names of storage, so they stay out; its contents are no input by design. */
function mountValue(mount: RunMount): string {
  switch (mount.kind) {
    case 'bind':
      return fields('bind', { readonly: mount.isReadonly });
    case 'cache': {
      const { isReadonly, uid, gid, mode } = mount;
      return fields('cache', { readonly: isReadonly, uid, gid, mode: mode.toString(8) });
    }
    case 'tmpfs':
      return fields('tmpfs', { size: mount.sizeBytes ?? '' });
    case 'secret': {
      const { id, env, isRequired, uid, gid, mode } = mount;
      return fields('secret', { id, env: env ?? '', required: isRequired, uid, gid, mode: mode.toString(8) });
    }
    case 'ssh': {
      const { id, target, variable, isRequired, uid, gid, mode } = mount;
      const named = variable === target ? {} : { variable };
      return fields('ssh', { id, required: isRequired, uid, gid, mode: mode.toString(8), ...named });
    }
  }
}

function fields(type: string, values: Readonly<Record<string, string | number | boolean>>): string {
  return `${type} ${JSON.stringify(values)}`;
}

/** 32 bits: enough to see that a value changed, too little to find it by trying. */
function shortDigest(value: string): string {
  return `digest:${digestOfParts('component', [value]).slice(7, 15)}`;
}
