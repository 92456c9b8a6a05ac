/** `FROM --platform`: `os/architecture[/variant]`, or one of them alone, with the words of containerd's platforms.Parse. */

import type { Platform } from '../oci/platform.ts';
import { readPlatformSpecifier } from '../oci/platform-specifier.ts';

/** A value of the flag. */
export interface FromPlatform {
  /** Before expansion. */
  readonly written: string;
  readonly text: string;
  /** BuildKit guesses what the first unknown variable should have been, where that may be why it is refused. */
  readonly guess?: string | undefined;
}

/** `builder` is the machine's own platform. */
export function readFromPlatform(
  { guess, text, written }: FromPlatform,
  builder: Platform,
): { readonly platform: Platform } | { readonly fault: string } {
  const remark = guess === undefined ? '' : ` (did you mean ${guess}?)`;
  if (text === '') return { fault: `empty platform value from expression ${written}${remark}` };
  const read = readPlatformSpecifier(text, builder);
  if ('fault' in read) return { fault: `failed to parse platform ${written}: ${read.fault}${remark}` };
  const unsupported = unsupportedPlatform(read.platform);
  return unsupported === undefined ? { platform: read.platform } : { fault: unsupported };
}

/** Why nothing can be built for a platform; undefined where something can. */
export function unsupportedPlatform({ os }: Platform): string | undefined {
  return os === 'windows'
    ? 'windows base images are unsupported: this engine builds Linux images'
    : undefined;
}
