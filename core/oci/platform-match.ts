/** Whether an image's platform will do where another was asked for: containerd's platforms.Only, measured on dockerd 28.5.2 for 9 images and 16 platforms. */

import { normalizePlatform, type Platform } from './platform.ts';

/** A machine also runs what came before it: amd64 runs 386, arm64 runs arm, and each the lower variants. */
export function isServedBy(wanted: Platform, image: Platform): boolean {
  if (wanted.os !== image.os) return false;
  const { architecture } = normalizePlatform(wanted);
  const isSame = architecture === normalizePlatform(image).architecture;
  // Docker: an image without a variant will do for each of its architecture.
  if (isSame && (image.variant ?? '') === '') return true;
  if (isSame) return level(image) <= level(wanted);
  return BELOW.get(architecture) === image.architecture;
}

const BELOW: ReadonlyMap<string, string> = new Map([
  ['amd64', '386'],
  ['arm64', 'arm'],
]);

/** The number of the variant: `v8.2` is 8.2; what is not said is the architecture's first, of arm its seventh. */
function level(platform: Platform): number {
  const { architecture, variant } = normalizePlatform(platform);
  const number = Number.parseFloat((variant ?? '').replace(/^v/, ''));
  if (Number.isFinite(number)) return number;
  return architecture === 'arm64' ? 8 : 1;
}
