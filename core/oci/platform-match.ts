/**
 * Whether an image is one for the platform that a request names, as dockerd has it: containerd's platforms package, `ParseAll` and `Only`.
 * Measured with `POST /containers/create?platform=` of dockerd 28.5.2. Not for Dockerfiles, whose platforms are parsed by platform.ts.
 */

import { NaruError } from '../errors.ts';
import { formatPlatform, normalizePlatform, type Platform } from './platform.ts';

const OSES = new Set(
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos'.split(
    ' ',
  ),
);
const ARCHITECTURES = new Set(
  '386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc riscv riscv64 s390 s390x sparc sparc64 wasm'.split(
    ' ',
  ),
);

/**
 * The platform of a request: `os/architecture[/variant]`, or one of both alone, with the other one taken from `machine`.
 *
 * @throws NaruError "invalid-argument" in dockerd's words
 */
export function requestedPlatform(text: string, machine: Platform): Platform {
  const parts = text.split('/');
  const faulty = parts.find((part) => !/^[A-Za-z0-9_.-]+$/.test(part));
  if (parts.length > 3) throw wrong(`${JSON.stringify(text)}: cannot parse platform specifier`);
  if (faulty !== undefined) {
    throw wrong(
      `${JSON.stringify(faulty)} is an invalid component of ${JSON.stringify(text)}: platform specifier component must match "^[A-Za-z0-9_.-]+$"`,
    );
  }
  const [first = '', architecture, variant] = parts.map((part) => part.toLowerCase());
  if (architecture !== undefined) {
    const exact = normalizePlatform({
      os: first,
      architecture,
      ...(variant === undefined ? {} : { variant }),
    });
    if (variant === undefined) return withoutDefault(exact);
    return exact.architecture === 'arm64' && exact.variant === undefined
      ? { ...exact, variant: 'v8' }
      : exact;
  }
  if (OSES.has(first)) return { os: first, architecture: machine.architecture };
  const alone = normalizePlatform({ os: machine.os, architecture: first });
  if (!ARCHITECTURES.has(alone.architecture)) {
    throw wrong(`${JSON.stringify(text)}: unknown operating system or architecture`);
  }
  return withoutDefault(alone);
}

/** True where the image runs on `wanted`: the same, an older variant, 32 bit on 64 bit of the same kind; an image that names no variant fits each. */
export function isForPlatform(image: Platform, wanted: Platform): boolean {
  if (image.os !== wanted.os) return false;
  if (image.architecture === wanted.architecture && (image.variant ?? '') === '') return true;
  const has = normalizePlatform(image);
  const wants = normalizePlatform(wanted);
  const isArmBelow = has.architecture === 'arm' && wants.architecture === 'arm64';
  if (isArmBelow) return levelOf(has, 7) <= levelOf(wants, 8);
  if (has.architecture === '386' && wants.architecture === 'amd64') return true;
  if (has.architecture !== wants.architecture) return false;
  const least = has.architecture === 'arm64' ? 8 : 1;
  return levelOf(has, least) <= levelOf(wants, least);
}

/** dockerd's refusal. @throws NaruError "not-found" when the image called `name` is for another platform */
export function checkPlatform(name: string, image: Platform, wanted: Platform): void {
  if (isForPlatform(image, wanted)) return;
  throw new NaruError(
    'not-found',
    'E_OTHER_PLATFORM',
    `image with reference ${name} was found but its platform (${formatPlatform(image)}) does not match the specified platform (${formatPlatform(wanted)})`,
  );
}

/** `linux/arm` stays without the v7 it stands for. */
function withoutDefault(platform: Platform): Platform {
  const { os, architecture, variant } = platform;
  return architecture === 'arm' && variant === 'v7' ? { os, architecture } : platform;
}

/** The number in `v7`. */
function levelOf({ variant }: Platform, none: number): number {
  const level = Number(variant?.replace(/^v/, '') ?? none);
  return Number.isNaN(level) ? none : level;
}

function wrong(text: string): NaruError {
  return new NaruError('invalid-argument', 'E_PLATFORM', `${text}: invalid argument`);
}
