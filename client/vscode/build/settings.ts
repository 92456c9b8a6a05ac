/** What a build of a Dockerfile is started with, for the preview, the build and everything that looks at the context: decided here and nowhere else. */

import * as path from 'node:path';

import { readNamedContext } from '../../../core/build/named-contexts.ts';
import type { BuildEntry } from './entries.ts';

export interface BuildSettings {
  /** Absolute. */
  readonly contextDirectory: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Name of a stage; absent: the last one. */
  readonly target?: string;
  /** By name: absolute folders, and addresses as `readNamedContext` takes them. */
  readonly buildContexts?: Readonly<Record<string, string>>;
  /** Of the image, as the user chose it. */
  readonly tag?: string;
}

/** A Dockerfile and what the entries of its setting are relative to. */
export interface DockerfilePlace {
  /** Absolute. */
  readonly file: string;
  /** The workspace folder it lies in; without one its own folder. */
  readonly folder: string;
  /** Whether a glob that is relative to `folder` finds the file. */
  readonly isFoundBy: (glob: string) => boolean;
}

/** Of the first entry that fits; without one the folder of the Dockerfile is the context, as `docker build .` in that folder has it. */
export function decideBuild(entries: readonly BuildEntry[], place: DockerfilePlace): BuildSettings {
  const entry = findEntry(entries, place);
  const { context, target, args = {}, contexts, tag } = entry ?? {};
  return {
    contextDirectory:
      context === undefined ? path.dirname(place.file) : path.resolve(place.folder, inFolder(context)),
    buildArgs: args,
    ...(target === undefined ? {} : { target }),
    ...(contexts === undefined ? {} : { buildContexts: inPlace(contexts, place.folder) }),
    ...(tag === undefined ? {} : { tag }),
  };
}

/** The first entry whose path or glob is the Dockerfile's; a path may hold what a glob gives a meaning to. */
export function findEntry(entries: readonly BuildEntry[], place: DockerfilePlace): BuildEntry | undefined {
  return entries.find(({ dockerfile }) => {
    const pattern = inFolder(dockerfile);
    return path.resolve(place.folder, pattern) === place.file || place.isFoundBy(pattern);
  });
}

function inPlace(
  contexts: Readonly<Record<string, string>>,
  folder: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(contexts).map(([name, value]) => {
      const isFolder = readNamedContext(value).kind === 'directory';
      return [name, isFolder ? path.resolve(folder, inFolder(value)) : value];
    }),
  );
}

/** What other settings of the editor need in front of a relative path means nothing more here; neither does `./`. */
function inFolder(written: string): string {
  return written.replace(/^\$\{workspaceFolder\}(?=\/|\\|$)/, '.').replace(/^(?:\.[/\\])+(?=.)/, '');
}
