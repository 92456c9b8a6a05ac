/**
 * What the bundled native programs are built from: a manifest, patches and a script, all beside this file.
 * The build id names their content, so that a changed recipe never meets an old binary.
 */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { NaruError } from '../../core/errors.ts';

export const NATIVE_TOOL_NAMES = ['crun', 'conmon', 'pasta', 'tini'] as const;
export type NativeToolName = (typeof NATIVE_TOOL_NAMES)[number];

export type NativeArch = 'x64' | 'arm64';

/** One tarball that is accepted for a tool; `path` is relative to a Debian archive's root. */
export interface NativeSource {
  readonly version: string;
  readonly path: string;
  readonly sha256: string;
}

/** `sources` in order of preference: archives drop a version when a newer one arrives. */
export interface NativeToolRecipe {
  readonly name: NativeToolName;
  readonly sources: readonly NativeSource[];
  readonly patches: readonly string[];
}

export interface NativeManifest {
  /** The Debian release of the build root. */
  readonly suite: string;
  readonly chrootPackages: readonly string[];
  readonly targetPackages: readonly string[];
  readonly tools: readonly NativeToolRecipe[];
}

/** The folder with manifest, patches and build script; only there when running from source. */
export const RECIPE_DIR: string = import.meta.dirname;

/** 12 hex digits naming the content of manifest, patches and build script. */
export function nativeBuildId(recipeDir: string = RECIPE_DIR): string {
  const patches = readdirSync(join(recipeDir, 'patches')).toSorted();
  const files = ['manifest.json', 'build-in-chroot.sh', ...patches.map((name) => join('patches', name))];
  const hash = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(join(recipeDir, file));
    hash.update(`${file} ${content.length}\n`).update(content);
  }
  return hash.digest('hex').slice(0, 12);
}

/** @throws NaruError kind "internal" when the manifest lacks one of the tools */
export function readNativeManifest(recipeDir: string = RECIPE_DIR): NativeManifest {
  // Our own file, checked below and by the build itself.
  const manifest = JSON.parse(readFileSync(join(recipeDir, 'manifest.json'), 'utf8')) as NativeManifest;
  const named = manifest.tools.map((tool) => tool.name).join(' ');
  if (named !== NATIVE_TOOL_NAMES.join(' ')) {
    throw new NaruError('internal', 'E_NATIVE_MANIFEST', `the native manifest names other tools: ${named}`);
  }
  return manifest;
}
