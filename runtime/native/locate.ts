/**
 * Where the bundled native programs (crun, conmon, pasta, tini) are.
 * A host's own are never used: conmon and crun carry patches the engine depends on.
 */

import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { NaruError } from '../../core/errors.ts';
import { NATIVE_TOOL_NAMES, nativeBuildId, RECIPE_DIR, type NativeArch } from './recipe.ts';

export interface NativeTools {
  readonly dir: string;
  readonly crun: string;
  readonly conmon: string;
  readonly pasta: string;
  readonly tini: string;
}

export interface LocateNativeOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of the engine's program; packaged, the tools lie in `native/linux-<arch>` beside it. */
  readonly programDir: string;
  readonly arch: NativeArch;
}

/** The architecture of this process. @throws NaruError kind "unimplemented" on others than x64 and arm64 */
export function nativeArch(): NativeArch {
  if (process.arch === 'x64' || process.arch === 'arm64') return process.arch;
  throw new NaruError(
    'unimplemented',
    'E_NATIVE_ARCH',
    `no native tools for the architecture ${process.arch}`,
  );
}

/**
 * Absolute paths of the four programs, from the first of: `NARU_NATIVE_DIR`, the folder beside the engine's program, the build cache.
 *
 * @throws NaruError kind "unavailable" (`E_NATIVE_MISSING`) with the way to get them
 */
export function locateNativeTools(options: LocateNativeOptions): NativeTools {
  const given = options.env['NARU_NATIVE_DIR'];
  if (given !== undefined && given !== '') return checkNativeDir(given);
  const packaged = join(options.programDir, 'native', `linux-${options.arch}`);
  if (existsSync(packaged)) return checkNativeDir(packaged);
  if (!existsSync(join(RECIPE_DIR, 'manifest.json'))) throw missing(packaged);
  return checkNativeDir(nativeCacheDir(options));
}

/** Where `scripts/native.ts` leaves what it built for the current recipe; may not exist. */
export function nativeCacheDir(options: Pick<LocateNativeOptions, 'env' | 'arch'>): string {
  return join(nativeCacheRoot(options.env), nativeBuildId(), `linux-${options.arch}`);
}

/** The folder above all builds. */
export function nativeCacheRoot(env: LocateNativeOptions['env']): string {
  const base = env['NARU_CACHE'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'naru');
  return join(base, 'native');
}

/** True when all four programs are there and may be run. */
export function isNativeDirComplete(dir: string): boolean {
  return NATIVE_TOOL_NAMES.every((name) => isExecutable(join(dir, name)));
}

function checkNativeDir(dir: string): NativeTools {
  if (!isNativeDirComplete(dir)) throw missing(dir);
  return {
    dir,
    crun: join(dir, 'crun'),
    conmon: join(dir, 'conmon'),
    pasta: join(dir, 'pasta'),
    tini: join(dir, 'tini'),
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function missing(dir: string): NaruError {
  return new NaruError(
    'unavailable',
    'E_NATIVE_MISSING',
    `the native tools of the engine are not in ${dir}`,
    {
      hint: 'build them with `node scripts/native.ts`, or set NARU_NATIVE_DIR to a folder that has crun, conmon, pasta and tini',
    },
  );
}
