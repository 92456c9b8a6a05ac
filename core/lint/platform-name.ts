/** A platform as `--platform` takes it: `os/arch[/variant]`, or one of the two alone. Follows github.com/containerd/platforms. */

import { normalizePlatform, type Platform } from '../oci/platform.ts';

/** Undefined when containerd does not know the single word or the parts are malformed. */
export function platformOf(text: string): Platform | undefined {
  const parts = text.toLowerCase().split('/');
  if (parts.length > 3 || !parts.every((part) => /^[a-z0-9_.-]+$/.test(part))) return undefined;
  const [first = '', second, variant] = parts;
  if (second !== undefined) {
    return normalizePlatform({
      os: first,
      architecture: second,
      ...(variant === undefined ? {} : { variant }),
    });
  }
  if (SYSTEMS.has(first)) return { os: first === 'macos' ? 'darwin' : first, architecture: 'amd64' };
  const { architecture } = normalizePlatform({ os: 'linux', architecture: first });
  return ARCHITECTURES.has(architecture)
    ? normalizePlatform({ os: 'linux', architecture: first })
    : undefined;
}

const SYSTEMS: ReadonlySet<string> = new Set([
  'aix',
  'android',
  'darwin',
  'dragonfly',
  'freebsd',
  'illumos',
  'ios',
  'js',
  'linux',
  'macos',
  'netbsd',
  'openbsd',
  'plan9',
  'solaris',
  'wasip1',
  'windows',
]);

const ARCHITECTURES: ReadonlySet<string> = new Set([
  '386',
  'amd64',
  'arm',
  'arm64',
  'loong64',
  'mips',
  'mips64',
  'mips64le',
  'mipsle',
  'ppc64',
  'ppc64le',
  'riscv64',
  's390x',
  'wasm',
]);
