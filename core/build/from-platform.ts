/** `FROM --platform`: `os/architecture[/variant]`, or one of them alone, with the words of containerd's platforms.Parse. */

import type { Platform } from '../oci/platform.ts';
import { readPlatformSpecifier } from '../oci/platform-specifier.ts';

/** `written` is the flag's value before expansion. */
export function readFromPlatform(
  text: string,
  written: string,
  builder: Platform,
): { readonly platform: Platform } | { readonly fault: string } {
  if (text === '') return { fault: `empty platform value from expression ${written}` };
  const read = readPlatformSpecifier(text, builder);
  if ('fault' in read) return { fault: `failed to parse platform ${text}: ${read.fault}` };
  const unsupported = unsupportedPlatform(read.platform);
  return unsupported === undefined ? { platform: read.platform } : { fault: unsupported };
}

/** Why nothing can be built for a platform; undefined where something can. */
export function unsupportedPlatform({ os }: Platform): string | undefined {
  return os === 'windows'
    ? 'windows base images are unsupported: this engine builds Linux images'
    : undefined;
}
