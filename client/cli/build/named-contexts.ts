/** What `--build-context` brings: directories are sent, images in a layout are loaded, everything else is left to the engine. */

import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { contextName, readNamedContext } from '../../../core/build/named-contexts.ts';
import { NaruError } from '../../../core/errors.ts';
import { openBuildContext } from '../../../local/build-context.ts';
import { type ContextSource, directorySource } from '../../driver/sync/context-source.ts';
import { checkIgnoreFile } from './project.ts';

/** Values by the name they are found under; of two with one name the last counts. @throws NaruError "invalid-argument" in buildx's words */
export function readBuildContexts(flags: readonly string[]): ReadonlyMap<string, string> {
  const contexts = new Map<string, string>();
  for (const text of flags) {
    const equals = text.indexOf('=');
    if (equals < 0) {
      const message = `invalid context value: ${text}, expected key=value`;
      throw new NaruError('invalid-argument', 'E_CONTEXT_VALUE', message);
    }
    contexts.set(contextName(text.slice(0, equals)), text.slice(equals + 1));
  }
  return contexts;
}

/** The directories among them, opened, without what their own ignore files take out. @throws NaruError "invalid-argument" for one that is not there */
export async function openNamedDirectories(
  contexts: ReadonlyMap<string, string>,
  cwd: string,
): Promise<ReadonlyMap<string, ContextSource>> {
  const sources = new Map<string, ContextSource>();
  for (const [name, value] of contexts) {
    const context = readNamedContext(value);
    if (context.kind === 'directory') sources.set(name, await openDirectory(name, context.path, cwd));
  }
  return sources;
}

async function openDirectory(name: string, path: string, cwd: string): Promise<ContextSource> {
  const directory = resolve(cwd, path);
  const found = path === '' ? undefined : await stat(directory).catch(() => undefined);
  if (found === undefined) {
    const message = `failed to get build context ${name}: stat ${path}: no such file or directory`;
    throw new NaruError('invalid-argument', 'E_NO_CONTEXT', message);
  }
  if (!found.isDirectory()) {
    const message = `failed to get build context path ${path}: not a directory`;
    throw new NaruError('invalid-argument', 'E_NO_CONTEXT', message);
  }
  const context = await openBuildContext(join(directory, 'Dockerfile'), directory);
  const { tree, ignoreFile } = await context.view();
  checkIgnoreFile(ignoreFile);
  return directorySource(context.directory.root, tree, context.directory.known);
}
