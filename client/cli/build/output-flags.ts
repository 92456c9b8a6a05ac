/** `--output`, `--load` and `--push`, as docker buildx reads them (0.29.1), and what of them can be refused before anything runs. */

import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { NaruError } from '../../../core/errors.ts';
import type { BuildMakes } from '../../../core/protocol/build.ts';
import { systemReason } from '../../../local/system-reason.ts';
import { refuseTerminal } from '../archive-output.ts';
import type { CliIo } from '../io.ts';
import { checkWholeFile } from '../whole-file.ts';

/** Where something is written: `shown` as the user wrote it, `path` absolute. */
export type OutputPlace =
  | { readonly kind: 'stdout' }
  | { readonly kind: 'file' | 'folder'; readonly shown: string; readonly path: string };

export type BuildOutput =
  /** The engine keeps the image under these names. */
  | { readonly kind: 'image'; readonly names: readonly string[] }
  /** Steps are kept for the next build, and nothing else. */
  | { readonly kind: 'nothing' }
  /** `docker save`'s archive, which is an OCI layout as well; a folder holds what is in it. */
  | { readonly kind: 'archive'; readonly names: readonly string[]; readonly to: OutputPlace }
  /** The files of the image: a tar, or a folder with them. */
  | { readonly kind: 'files'; readonly to: OutputPlace };

export interface OutputFlags {
  readonly output: readonly string[];
  readonly load?: boolean;
  readonly push?: boolean;
  readonly tag: readonly string[];
  readonly iidfile?: string;
}

export interface BuildOutputs {
  readonly outputs: readonly BuildOutput[];
  readonly makes: BuildMakes;
  /** Of the image that the engine keeps. */
  readonly tags: readonly string[];
  /** One of them says `rewrite-timestamp=false`. */
  readonly keepsTimes: boolean;
}

/** Without outputs the engine keeps the image, with them only where one says so. @throws NaruError "invalid-argument", "unimplemented" for a registry */
export async function readOutputs(flags: OutputFlags, io: CliIo): Promise<BuildOutputs> {
  const entries = flags.output.flatMap((text) => (text === '' ? [] : [fieldsOf(text)]));
  if (flags.load === true) entries.push(new Map([['type', 'docker']]));
  if (flags.push === true) throw noRegistry('--push');
  if (entries.length === 0) entries.push(new Map([['type', 'image']]));
  const outputs = entries.map((fields) => outputOf(fields, flags.tag, io.cwd));
  const nToStdout = outputs.filter((output) => placeOf(output)?.kind === 'stdout').length;
  if (nToStdout > 1) throw refusal('multiple outputs configured to write to stdout');
  for (const output of outputs) await checkPlace(placeOf(output), io);
  const makes = makesOf(outputs);
  if (flags.iidfile !== undefined && (makes === 'files' || outputs.some(({ kind }) => kind === 'files')))
    throw refusal('local and tar exporters are incompatible with image ID file');
  const names = outputs.flatMap((output) => (output.kind === 'image' ? output.names : []));
  const keepsTimes = entries.some((fields) => fields.get('rewrite-timestamp') === 'false');
  return { outputs, makes, tags: [...new Set(names)], keepsTimes };
}

/** Undefined where nothing is written here. */
export function placeOf(output: BuildOutput): OutputPlace | undefined {
  return output.kind === 'archive' || output.kind === 'files' ? output.to : undefined;
}

function makesOf(outputs: readonly BuildOutput[]): BuildMakes {
  if (outputs.some(({ kind }) => kind === 'image')) return 'image';
  return outputs.some(({ kind }) => kind === 'archive') ? 'archive' : 'files';
}

type Fields = ReadonlyMap<string, string>;

/** A path alone is `type=local`, also one with `=` in it; `-` alone is `type=tar`. */
function fieldsOf(text: string): Fields {
  if (text === '-') return new Map([['type', 'tar']]);
  const parts = text.split(',');
  if (parts.length === 1 && !text.startsWith('type=')) {
    return new Map([
      ['type', 'local'],
      ['dest', text],
    ]);
  }
  const fields = new Map<string, string>();
  for (const part of parts) {
    const at = part.indexOf('=');
    if (at < 0) throw refusal(`invalid value ${part}`);
    fields.set(part.slice(0, at).trim().toLowerCase(), part.slice(at + 1));
  }
  return fields;
}

function outputOf(fields: Fields, tags: readonly string[], cwd: string): BuildOutput {
  const name = fields.get('name') ?? '';
  const names = tags.length > 0 ? tags : name === '' ? [] : [name];
  const type = fields.get('type');
  switch (type) {
    case 'registry':
      throw noRegistry('type=registry');
    case 'image':
      if (fields.get('push') === 'true') throw noRegistry('push=true');
      return { kind: 'image', names };
    case 'cacheonly':
      return { kind: 'nothing' };
    case 'local':
      return { kind: 'files', to: folderOf(type, fields, cwd) };
    case 'tar':
      return { kind: 'files', to: fileOf(fields, cwd) };
    case 'docker':
    case 'oci':
      if (fields.get('tar') === 'false') return { kind: 'archive', names, to: folderOf(type, fields, cwd) };
      // Docker: without a place the image goes into the engine, as with --load.
      if (type === 'docker' && (fields.get('dest') ?? '') === '') return { kind: 'image', names };
      return { kind: 'archive', names, to: fileOf(fields, cwd) };
    case undefined:
      throw refusal('type is required for output');
    default:
      throw refusal(`unknown type ${JSON.stringify(type)}`, `one of ${TYPES.join(', ')}`);
  }
}

const TYPES = ['image', 'docker', 'oci', 'tar', 'local', 'cacheonly'];

function folderOf(type: string, fields: Fields, cwd: string): OutputPlace {
  const shown = fields.get('dest') ?? '';
  if (shown === '') throw refusal(`dest is required for ${type} exporter`, `write dest=FOLDER`);
  if (shown === '-')
    throw refusal(`dest cannot be stdout for ${type} exporter`, 'type=tar can be written to it');
  return { kind: 'folder', shown, path: resolve(cwd, shown) };
}

function fileOf(fields: Fields, cwd: string): OutputPlace {
  const shown = fields.get('dest') ?? '';
  if (shown === '' || shown === '-') return { kind: 'stdout' };
  return { kind: 'file', shown, path: resolve(cwd, shown) };
}

/** What is certain to fail must not wait for the end of a build. */
async function checkPlace(place: OutputPlace | undefined, io: CliIo): Promise<void> {
  switch (place?.kind) {
    case undefined:
      return;
    case 'stdout':
      refuseTerminal(undefined, io);
      return;
    case 'file':
      if ((await statOf(place.path))?.isDirectory() === true)
        throw refusal(`destination file ${place.shown} is a directory`);
      await checkWholeFile(place.path);
      return;
    case 'folder':
      await checkFolder(place.path, place.shown);
  }
}

/** It is there, or can be made. */
async function checkFolder(path: string, shown: string): Promise<void> {
  const there = await statOf(path);
  if (there?.isDirectory() === false) throw refusal(`destination directory ${shown} is a file`);
  let at = path;
  while ((await statOf(at)) === undefined && dirname(at) !== at) at = dirname(at);
  if ((await statOf(at))?.isDirectory() === false)
    throw refusal(`cannot make ${shown}: ${at} is not a directory`);
  await fs.access(at, constants.W_OK | constants.X_OK).catch((cause: unknown) => {
    throw refusal(`cannot write ${shown}: ${systemReason(cause)}`);
  });
}

async function statOf(path: string): Promise<Awaited<ReturnType<typeof fs.stat>> | undefined> {
  return fs.stat(path).catch(() => undefined);
}

function refusal(message: string, hint?: string): NaruError {
  const whole = message.startsWith('cannot') ? message : `--output: ${message}`;
  return new NaruError('invalid-argument', 'E_OUTPUT', whole, hint === undefined ? {} : { hint });
}

function noRegistry(what: string): NaruError {
  return new NaruError('unimplemented', 'E_NO_REGISTRY', `${what}: registries are not supported yet`, {
    hint: 'an archive of the image is written by -o type=docker,dest=FILE',
  });
}
