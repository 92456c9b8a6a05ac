/** A platform as people write it: `os/architecture[/variant]`, or one of the two alone. Words and rules are containerd's (platforms.Parse), as dockerd 28.5.2 and BuildKit answer. */

import { normalizePlatform, type Platform } from './platform.ts';

export interface PlatformSpecifier {
  readonly platform: Platform;
  /** As Docker repeats it: `aarch64` is `linux/arm64`, while a written variant stays (`linux/arm64/v8`). */
  readonly shown: string;
}

/** What is left out is taken from `host`. `fault` is a sentence without a full stop. */
export function readPlatformSpecifier(
  text: string,
  host: Platform,
): PlatformSpecifier | { readonly fault: string } {
  const parts = text.toLowerCase().split('/');
  const fault = faultOf(text, parts);
  if (fault !== undefined) return { fault: `${fault}: invalid argument` };
  const [first = '', second, variant] = parts;
  if (second !== undefined) return specifier(systemName(first), second, variant);
  if (SYSTEMS.has(first)) {
    const os = systemName(first);
    return { platform: { ...host, os }, shown: `${os}/${host.architecture}` };
  }
  if (ARCHITECTURES.has(first)) return specifier(host.os, first, undefined);
  return { fault: `${JSON.stringify(text)}: unknown operating system or architecture: invalid argument` };
}

function specifier(os: string, architecture: string, variant: string | undefined): PlatformSpecifier {
  const platform = normalizePlatform({ os, architecture, ...(variant === undefined ? {} : { variant }) });
  const isWritten =
    variant !== undefined && (platform.variant !== undefined || platform.architecture === 'arm64');
  const shownVariant = isWritten ? `/${platform.variant ?? 'v8'}` : hiddenVariant(platform);
  return { platform, shown: `${os}/${platform.architecture}${shownVariant}` };
}

/** `linux/arm` is v7 without saying so; `armel` says v6. */
function hiddenVariant({ variant }: Platform): string {
  return variant === undefined || variant === 'v7' ? '' : `/${variant}`;
}

function systemName(name: string): string {
  return name === 'macos' ? 'darwin' : name;
}

function faultOf(text: string, parts: readonly string[]): string | undefined {
  if (parts.length > 3) return `${JSON.stringify(text)}: cannot parse platform specifier`;
  const written = text.split('/');
  for (const [at, part] of written.entries()) {
    if (at === 0 && !SYSTEM.test(part)) {
      return `${JSON.stringify(part)} is an invalid OS component of ${JSON.stringify(text)}: OSAndVersion specifier component must match ${JSON.stringify(SYSTEM.source)}`;
    }
    if (at > 0 && !COMPONENT.test(part)) {
      return `${JSON.stringify(part)} is an invalid component of ${JSON.stringify(text)}: platform specifier component must match ${JSON.stringify(COMPONENT.source)}`;
    }
  }
  return undefined;
}

/** Windows carries a version in brackets. */
const SYSTEM = /^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.%-]*)((?:\+[A-Za-z0-9_.%-]+)*)\))?$/;
const COMPONENT = /^[A-Za-z0-9_.-]+$/;

const SYSTEMS: ReadonlySet<string> = new Set(
  'aix android darwin dragonfly freebsd illumos ios js linux macos netbsd openbsd plan9 solaris wasip1 windows'.split(
    ' ',
  ),
);

const ARCHITECTURES: ReadonlySet<string> = new Set(
  'amd64 x86_64 x86-64 arm64 aarch64 arm armhf armel 386 i386 ppc64 ppc64le s390x riscv64 loong64 mips mipsle mips64 mips64le wasm'.split(
    ' ',
  ),
);
