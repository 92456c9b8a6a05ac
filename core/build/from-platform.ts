/** `FROM --platform`: `os/architecture[/variant]`, or one of them alone, with the words of containerd's platforms.Parse. */

import { normalizePlatform, parsePlatform, type Platform } from '../oci/platform.ts';

const SYSTEMS: ReadonlySet<string> = new Set(['linux', 'windows', 'darwin', 'macos', 'freebsd', 'wasip1']);
const ARCHITECTURES: ReadonlySet<string> = new Set(
  'amd64 x86_64 x86-64 arm64 aarch64 arm armhf armel 386 i386 ppc64le s390x riscv64 loong64 mips64le wasm'.split(
    ' ',
  ),
);

/** `written` is the flag's value before expansion. */
export function readFromPlatform(
  text: string,
  written: string,
  builder: Platform,
): { readonly platform: Platform } | { readonly fault: string } {
  if (text === '') return { fault: `empty platform value from expression ${written}` };
  const name = text.toLowerCase();
  if (SYSTEMS.has(name)) return supported({ ...builder, os: name === 'macos' ? 'darwin' : name });
  if (ARCHITECTURES.has(name)) return { platform: normalizePlatform({ os: builder.os, architecture: name }) };
  try {
    return supported(parsePlatform(text));
  } catch {
    const why = text.includes('/')
      ? 'cannot parse platform specifier'
      : 'unknown operating system or architecture';
    return { fault: `failed to parse platform ${text}: "${text}": ${why}: invalid argument` };
  }
}

/** Why nothing can be built for a platform; undefined where something can. */
export function unsupportedPlatform({ os }: Platform): string | undefined {
  return os === 'windows'
    ? 'windows base images are unsupported: this engine builds Linux images'
    : undefined;
}

function supported(platform: Platform): { readonly platform: Platform } | { readonly fault: string } {
  const fault = unsupportedPlatform(platform);
  return fault === undefined ? { platform } : { fault };
}
