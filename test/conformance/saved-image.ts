/** An image as `docker save` writes it, read for comparison: every file after all layers are applied, and the config that a container starts from. */

import type { Readable } from 'node:stream';

import { digestOf } from '../../core/oci/digest.ts';
import type { TarEntry } from '../../core/tar/entry.ts';
import { decompressed } from '../../local/tar/decompress.ts';
import { readMember, readTar } from '../../local/tar/reader.ts';

/** An entry's description by absolute path. */
export type ImageTree = ReadonlyMap<string, string>;

export interface SavedImage {
  readonly tree: ImageTree;
  readonly config: Readonly<Record<string, unknown>>;
}

const FIELDS = [
  'Env',
  'Cmd',
  'Entrypoint',
  'WorkingDir',
  'User',
  'ExposedPorts',
  'Volumes',
  'Labels',
  'Healthcheck',
  'StopSignal',
  'Shell',
  'OnBuild',
];

/** Times are left out, and what a runtime mounts over: /etc/hosts, /etc/hostname, /etc/resolv.conf. */
export async function readSavedImage(archive: AsyncIterable<Uint8Array>): Promise<SavedImage> {
  const members = new Map<string, Buffer>();
  for await (const member of readTar(archive)) {
    if (member.entry.kind === 'file') members.set(member.entry.path, await readMember(member, 1 << 30));
  }
  const [manifest] = jsonOf(members, 'manifest.json') as { Config: string; Layers: string[] }[]; // docker's own format
  if (manifest === undefined) throw new Error('the archive holds no image');
  const { config = {} } = jsonOf(members, manifest.Config) as { config?: Record<string, unknown> }; // image-spec config.md
  const tree = new Map<string, string>();
  for (const layer of manifest.Layers) await applyLayer(tree, members.get(layer) ?? Buffer.alloc(0));
  for (const path of ['/', '/etc/hosts', '/etc/hostname', '/etc/resolv.conf']) tree.delete(path);
  return { tree, config: comparableConfig(config) };
}

/** What `tree` has otherwise than `base`, sorted by path; everything when it does not stand on it. */
export function treeChanges(base: ImageTree, tree: ImageTree): Readonly<Record<string, string>> {
  if (!tree.has('/bin/busybox')) return Object.fromEntries([...tree].sort(([a], [b]) => (a < b ? -1 : 1)));
  const changes = new Map<string, string>();
  for (const [path, text] of tree) if (base.get(path) !== text) changes.set(path, text);
  for (const path of base.keys()) if (!tree.has(path)) changes.set(path, '-');
  return Object.fromEntries([...changes].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Fields that are not empty. */
export function comparableConfig(
  config: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const fields = FIELDS.flatMap((name): [string, unknown][] => {
    const value = config[name];
    const isDefault = name === 'WorkingDir' && value === '/';
    return isDefault || isEmpty(value) ? [] : [[name, sorted(value)]];
  });
  return Object.fromEntries(fields);
}

function jsonOf(members: ReadonlyMap<string, Buffer>, name: string): unknown {
  const bytes = members.get(name);
  if (bytes === undefined) throw new Error(`the archive has no ${name}`);
  return JSON.parse(bytes.toString('utf8'));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function applyLayer(tree: Map<string, string>, layer: Buffer): Promise<void> {
  const added = new Map<string, string>();
  for await (const { entry, content } of readTar(decompressed(chunksOf(layer)))) {
    const path = `/${entry.path.replace(/^(?:\.?\/)+|\/$/g, '')}`;
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    const parent = path.slice(0, slash);
    if (name === '.wh..wh..opq') removeBelow(tree, parent);
    else if (name.startsWith('.wh..wh.')) continue;
    else if (name.startsWith('.wh.')) removeWhole(tree, `${parent}/${name.slice(4)}`);
    else if (entry.kind === 'hardlink') {
      const target = `/${(entry.linkTarget ?? '').replace(/^(?:\.?\/)+/, '')}`;
      added.set(path, added.get(target) ?? tree.get(target) ?? `hardlink to ${target}`);
    } else added.set(path, await describe(entry, content));
  }
  for (const [path, text] of added) {
    if (tree.get(path)?.startsWith('dir ') === true && !text.startsWith('dir ')) removeBelow(tree, path);
    tree.set(path, text);
  }
}

async function* chunksOf(bytes: Buffer): AsyncGenerator<Uint8Array, void, void> {
  yield bytes;
}

async function describe(entry: TarEntry, content: AsyncIterable<Uint8Array> | Readable): Promise<string> {
  const mode = entry.kind === 'symlink' ? '-' : (entry.mode & 0o7777).toString(8);
  const parts = [entry.kind, mode, `${entry.uid}:${entry.gid}`];
  if (entry.kind === 'file') {
    const bytes: Uint8Array[] = [];
    for await (const chunk of content) bytes.push(chunk as Uint8Array); // a member's content is bytes
    const whole = Buffer.concat(bytes);
    parts.push(String(whole.length), digestOf(whole).slice(7, 19));
  }
  if (entry.kind === 'symlink') parts.push(entry.linkTarget ?? '');
  if (entry.device !== undefined && entry.kind !== 'fifo')
    parts.push(`${entry.device.major},${entry.device.minor}`);
  const xattrs = [...(entry.xattrs ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, value] of xattrs) parts.push(`${name}=${Buffer.from(value).toString('hex')}`);
  return parts.join(' ');
}

function removeWhole(tree: Map<string, string>, path: string): void {
  removeBelow(tree, path);
  tree.delete(path);
}

function removeBelow(tree: Map<string, string>, path: string): void {
  for (const known of tree.keys()) if (known.startsWith(`${path}/`)) tree.delete(known);
}
