/** Platforms as `os/architecture[/variant]` (image-spec image-index.md §platform), normalised as containerd does (`x86_64` is `amd64`). */

import { NaruError } from '../errors.ts';

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** @throws NaruError "invalid-argument" when the text is not `os/architecture[/variant]` */
export function parsePlatform(text: string): Platform {
  const parts = text.toLowerCase().split('/');
  const [os, architecture, variant] = parts;
  if (parts.length > 3 || !os || !architecture || variant === '') {
    throw new NaruError('invalid-argument', 'E_PLATFORM', `invalid platform ${JSON.stringify(text)}`, {
      hint: 'write it as os/architecture[/variant], for example linux/arm64',
    });
  }
  return normalizePlatform({ os, architecture, ...(variant === undefined ? {} : { variant }) });
}

/** `linux/arm64/v8` is `linux/arm64`, `linux/x86_64` is `linux/amd64`, `linux/arm` is `linux/arm/v7`. */
export function normalizePlatform(platform: Platform): Platform {
  const { os, variant } = platform;
  switch (platform.architecture) {
    case 'x86_64':
    case 'x86-64':
    case 'amd64':
      return variant === undefined || variant === 'v1'
        ? { os, architecture: 'amd64' }
        : { os, architecture: 'amd64', variant };
    case 'aarch64':
    case 'arm64':
      return variant === undefined || variant === 'v8' || variant === '8'
        ? { os, architecture: 'arm64' }
        : { os, architecture: 'arm64', variant };
    case 'armhf':
      return { os, architecture: 'arm', variant: 'v7' };
    case 'armel':
      return { os, architecture: 'arm', variant: 'v6' };
    case 'arm':
      return { os, architecture: 'arm', variant: armVariant(variant) };
    case 'i386':
      return { os, architecture: '386' };
    default:
      return platform;
  }
}

export function formatPlatform(platform: Platform): string {
  const { os, architecture, variant } = platform;
  return variant === undefined ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}

function armVariant(variant: string | undefined): string {
  if (variant === undefined) return 'v7';
  return variant.startsWith('v') ? variant : `v${variant}`;
}
