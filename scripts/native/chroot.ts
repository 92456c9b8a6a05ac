/**
 * The throw-away Debian root in which the native tools are compiled, so that the packages of the machine stay as they are.
 */

import { NaruError } from '../../core/errors.ts';
import { exec, execStatus } from '../../runtime/host/exec.ts';
import type { NativeArch, NativeManifest } from '../../runtime/native/recipe.ts';

interface DebianArch {
  readonly debian: string;
  readonly triplet: string;
  readonly crossGcc: string;
}

const DEBIAN_ARCHES: Readonly<Record<NativeArch, DebianArch>> = {
  x64: { debian: 'amd64', triplet: 'x86_64-linux-gnu', crossGcc: 'gcc-x86-64-linux-gnu' },
  arm64: { debian: 'arm64', triplet: 'aarch64-linux-gnu', crossGcc: 'gcc-aarch64-linux-gnu' },
};

/** The GNU name of an architecture, as compilers are called by it. */
export function gnuTriplet(arch: NativeArch): string {
  return DEBIAN_ARCHES[arch].triplet;
}

/**
 * Installs the programs that the build itself needs, when they are missing.
 *
 * @throws NaruError kind "unavailable" when that cannot be done
 */
export async function ensureHostPackages(say: (line: string) => void): Promise<void> {
  if ((await execStatus(['dpkg-query', '-W', 'mmdebstrap'])).exitCode === 0) return;
  say('installing mmdebstrap');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];
  const argv = [...install, 'mmdebstrap', 'debian-archive-keyring'];
  if ((await execStatus(argv, { env })).exitCode === 0) return;
  await exec(['apt-get', 'update', '-q'], { env });
  await exec(argv, { env });
}

/**
 * Makes a Debian root in `dir` (not existing yet) with compilers and static libraries for `target`.
 *
 * @throws NaruError kind "unavailable" with the end of mmdebstrap's output
 */
export async function makeChroot(
  dir: string,
  manifest: NativeManifest,
  target: NativeArch,
  mirror: string,
): Promise<void> {
  const host: NativeArch = process.arch === 'arm64' ? 'arm64' : 'x64';
  const isCross = host !== target;
  const { debian, crossGcc } = DEBIAN_ARCHES[target];
  const suffix = isCross ? `:${debian}` : '';
  const packages = [
    ...manifest.chrootPackages,
    ...(isCross ? [crossGcc] : []),
    ...manifest.targetPackages.map((name) => `${name}${suffix}`),
  ];
  const arches = isCross ? [DEBIAN_ARCHES[host].debian, debian] : [debian];
  const argv = [
    'mmdebstrap',
    '--quiet',
    '--variant=apt',
    '--format=directory',
    `--architectures=${arches.join(',')}`,
    '--aptopt=APT::Install-Recommends "false"',
    '--aptopt=Acquire::Retries "5"',
    '--dpkgopt=force-unsafe-io',
    '--dpkgopt=path-exclude=/usr/share/doc/*',
    '--dpkgopt=path-exclude=/usr/share/man/*',
    '--dpkgopt=path-exclude=/usr/share/locale/*',
    `--include=${packages.join(',')}`,
    manifest.suite,
    dir,
    mirror,
  ];
  const result = await execStatus(argv, { timeoutMs: 900_000 });
  if (result.exitCode === 0) return;
  const tail = result.stderr.trimEnd().split('\n').slice(-12).join('\n');
  throw new NaruError('unavailable', 'E_CHROOT', `the Debian build root could not be made:\n${tail}`, {
    hint: 'check that the configured apt archive serves Debian and that this file system allows device nodes',
  });
}
