/**
 * Builds the native tools of one architecture into the cache: fetch, make a build root, compile, check, move in place.
 * Whatever fails, the cache holds either all four programs or none.
 */

import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { NaruError } from '../../core/errors.ts';
import { execStatus } from '../../runtime/host/exec.ts';
import { isNativeDirComplete, nativeCacheDir, nativeCacheRoot } from '../../runtime/native/locate.ts';
import {
  readNativeManifest,
  RECIPE_DIR,
  type NativeArch,
  type NativeManifest,
} from '../../runtime/native/recipe.ts';
import { ensureHostPackages, gnuTriplet, makeChroot } from './chroot.ts';
import { debianMirrors, fetchSource, type FetchedSource } from './sources.ts';

/** Where the build root sees its inputs and outputs. */
const INSIDE = '/naru';

/**
 * Returns the folder with the four programs; builds them unless a complete build of the same recipe is there.
 *
 * @throws NaruError kind "forbidden" when not root, "unavailable" when sources or the build root cannot be had, "internal" when compiling fails
 */
export async function buildNativeTools(arch: NativeArch, say: (line: string) => void): Promise<string> {
  const target = nativeCacheDir({ env: process.env, arch });
  if (isNativeDirComplete(target)) return target;
  if (process.getuid?.() !== 0) {
    throw new NaruError(
      'forbidden',
      'E_NOT_ROOT',
      'building the native tools needs root (a Debian build root)',
    );
  }
  const manifest = readNativeManifest();
  const cacheRoot = nativeCacheRoot(process.env);
  await ensureHostPackages(say);
  const mirrors = await debianMirrors();
  const sources: FetchedSource[] = [];
  for (const tool of manifest.tools) {
    const source = await fetchSource(tool, mirrors, join(cacheRoot, 'sources'));
    say(`${tool.name} ${source.version}: source is there`);
    sources.push(source);
  }
  mkdirSync(dirname(target), { recursive: true });
  await removeStaleWork(cacheRoot);
  const work = mkdtempSync(join(cacheRoot, 'build-'));
  try {
    const root = join(work, 'root');
    say(`making a Debian ${manifest.suite} build root (about a minute)`);
    await makeChroot(root, manifest, arch, mirrors[0] ?? '');
    const out = await compileAll(root, manifest, sources, arch, say);
    const staged = join(work, 'staged');
    cpSync(out, staged, { recursive: true });
    rmSync(target, { recursive: true, force: true });
    renameSync(staged, target);
  } finally {
    await removeTree(work);
  }
  return target;
}

/** What a build left that was killed; the caller holds the lock, so nobody works there. */
async function removeStaleWork(cacheRoot: string): Promise<void> {
  for (const name of readdirSync(cacheRoot).filter((entry) => entry.startsWith('build-'))) {
    await removeTree(join(cacheRoot, name));
  }
}

/** Never follows a mount: a build root may still have the host's /proc or /dev in it. */
async function removeTree(path: string): Promise<void> {
  await execStatus(['rm', '-rf', '--one-file-system', path]);
}

async function compileAll(
  root: string,
  manifest: NativeManifest,
  sources: readonly FetchedSource[],
  arch: NativeArch,
  say: (line: string) => void,
): Promise<string> {
  const shared = join(root, INSIDE);
  mkdirSync(join(shared, 'out'), { recursive: true });
  cpSync(join(RECIPE_DIR, 'patches'), join(shared, 'patches'), { recursive: true });
  copyFileSync(join(RECIPE_DIR, 'build-in-chroot.sh'), join(shared, 'build.sh'));
  for (const [index, tool] of manifest.tools.entries()) {
    const source = sources[index];
    if (source === undefined) continue;
    const tarball = basename(source.path);
    copyFileSync(source.file, join(shared, tarball));
    say(`compiling ${tool.name} ${source.version} for ${arch}`);
    const patches = tool.patches.map((name) => `${INSIDE}/patches/${name}`);
    const script = ['/bin/sh', `${INSIDE}/build.sh`, tool.name, source.version, `${INSIDE}/${tarball}`];
    const argv = ['chroot', root, ...script, gnuTriplet(arch), `${INSIDE}/out/${tool.name}`, ...patches];
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', HOME: '/root' };
    const result = await execStatus(argv, { env, timeoutMs: 1_200_000 });
    if (result.exitCode !== 0) {
      throw new NaruError(
        'internal',
        'E_COMPILE',
        `${tool.name} did not compile:\n${result.stderr.trimEnd()}`,
      );
    }
  }
  return join(shared, 'out');
}
