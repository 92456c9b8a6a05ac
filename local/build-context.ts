/**
 * A build context with its Dockerfile, as a preview and a build see them: the directory, without what the ignore file takes out.
 * What a preview and the build after it must agree on is decided here: which ignore file counts, and by which name records are found again.
 */

import { basename, dirname, relative, sep } from 'node:path';

import { projectId } from '../core/build/project-id.ts';
import { contextTree } from '../core/context/context-tree.ts';
import type { FileTree } from '../core/context/file-tree.ts';
import { findIgnoreFile, type FoundIgnoreFile, readIgnoreFile } from '../core/context/ignore.ts';
import {
  type ContextDirectory,
  type ContextDirectoryOptions,
  openContextDirectory,
} from './context-directory.ts';

export interface BuildContext {
  /** See core/build/project-id.ts. */
  readonly project: string;
  readonly directory: ContextDirectory;
  /** The context at this moment: make a new view for every preview and every build. */
  view(): Promise<ContextView>;
}

export interface ContextView {
  /** What COPY can see. */
  readonly tree: FileTree;
  readonly ignoreFile: FoundIgnoreFile | undefined;
}

/** Both paths absolute. @throws NaruError "not-found" when there is no such directory */
export async function openBuildContext(
  dockerfile: string,
  contextDirectory: string,
  options: ContextDirectoryOptions = {},
): Promise<BuildContext> {
  const directory = await openContextDirectory(contextDirectory, options);
  const inside = relative(contextDirectory, dockerfile);
  const isInside = !inside.startsWith('..') && inside !== dockerfile;
  const besides = isInside ? directory : await openContextDirectory(dirname(dockerfile), options);
  const path = isInside ? inside.split(sep).join('/') : basename(dockerfile);

  async function view(): Promise<ContextView> {
    const ignoreFile = await findIgnoreFile(besides.tree, path, directory.tree);
    if (ignoreFile === undefined) return { tree: directory.tree, ignoreFile };
    const { matcher } = readIgnoreFile(ignoreFile.text).value;
    return { tree: contextTree(directory.tree, matcher), ignoreFile };
  }
  return { project: projectId(dockerfile, contextDirectory), directory, view };
}
