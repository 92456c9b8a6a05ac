/** Replays an edit: the context lies on disk and is read as the command line reads it, stat cache included; what builds is given. */

import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { type BuildOptions, defaultBuildOptions } from '../../core/build/options.ts';
import { contextTree } from '../../core/context/context-tree.ts';
import type { FileTree } from '../../core/context/file-tree.ts';
import { readIgnoreFile } from '../../core/context/ignore.ts';
import { openContextDirectory } from '../../local/context-directory.ts';
import type { HashPool } from '../../local/hash-pool.ts';
import type { BaseName, Files, OracleEdit, OracleFixture } from './oracle-edit.ts';

export interface ReplayedBuild {
  readonly dockerfile: string;
  /** Of the secrets s1, s2 and s; undefined: there are none. */
  readonly secret: string | undefined;
  readonly context: FileTree;
  readonly base: BaseName;
  readonly options: BuildOptions;
}

/** Builds, and answers 1-based lines and states of the steps. */
export type Build = (build: ReplayedBuild) => Promise<readonly StepState[]>;

export interface StepState {
  readonly line: number;
  readonly state: string;
}

const PLATFORM = { os: 'linux', architecture: 'amd64' };

/** Names of the steps that ran in the second build, in the order of the file. */
export async function replay(
  fixture: OracleFixture,
  edit: OracleEdit,
  hashPool: HashPool,
  build: Build,
): Promise<readonly string[]> {
  const scratch = fs.mkdtempSync(join(tmpdir(), 'naru-oracle-'));
  const folder = join(scratch, 'context');
  try {
    writeFiles(folder, fixture.context);
    edit.prepare?.(folder);
    const shared = { ...defaultBuildOptions(PLATFORM), ...fixture.options };
    const first = edit.before ?? fixture.dockerfile;
    await buildOn(folder, { dockerfile: first, base: 'base', options: shared, secret: 'secret' });
    const moved = edit.change?.(folder) ?? folder;
    const dockerfile = edit.dockerfile ?? first;
    const options = { ...shared, ...edit.options };
    const secret = edit.secret === 'absent' ? undefined : (edit.secret ?? 'secret');
    const steps = await buildOn(moved, { dockerfile, base: edit.base ?? 'base', options, secret });
    return stepsThatRan(dockerfile, steps);
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }

  async function buildOn(at: string, rest: Omit<ReplayedBuild, 'context'>): Promise<readonly StepState[]> {
    const env = { XDG_CACHE_HOME: join(scratch, 'cache') };
    const directory = await openContextDirectory(at, { hashPool, env });
    const ignore = join(at, '.dockerignore');
    const text = fs.existsSync(ignore) ? fs.readFileSync(ignore, 'utf8') : '';
    const steps = await build({
      ...rest,
      context: contextTree(directory.tree, readIgnoreFile(text).value.matcher),
    });
    await directory.save();
    return steps;
  }
}

function writeFiles(folder: string, files: Files): void {
  for (const [path, file] of Object.entries(files)) {
    const at = join(folder, path);
    fs.mkdirSync(dirname(at), { recursive: true });
    const { content = '', linkTarget } = typeof file === 'string' ? { content: file } : file;
    if (linkTarget === undefined) fs.writeFileSync(at, content);
    else fs.symlinkSync(linkTarget, at);
  }
}

/** A linked copy that is laid over another root does not run. */
function stepsThatRan(dockerfile: string, steps: readonly StepState[]): readonly string[] {
  const names = stepNames(dockerfile);
  return steps.filter(({ state }) => state === 'RUN').flatMap(({ line }) => names.get(line) ?? []);
}

/** 1-based line of a step -> the name in the comment above it. */
function stepNames(dockerfile: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  let name: string | undefined;
  dockerfile.split('\n').forEach((line, at) => {
    const comment = /^\s*# (\w+\.\w+)\s*$/.exec(line)?.[1];
    if (comment !== undefined) name = comment;
    else if (name !== undefined && line.trim() !== '') {
      names.set(at + 1, name);
      name = undefined;
    }
  });
  return names;
}
