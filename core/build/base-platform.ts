/** A local image of another platform is no base: BuildKit of dockerd 28.5.2 leaves it aside and asks a registry, whatever the reason the image is wanted for. */

import { NaruError } from '../errors.ts';
import { type ImageConfig, imagePlatform } from '../oci/image-config.ts';
import { isServedBy } from '../oci/platform-match.ts';
import { formatPlatform, type Platform } from '../oci/platform.ts';

import type { ResolvedImage } from './ops.ts';

/** What a registry answered was asked for the platform, and counts. @throws NaruError "not-found" E_IMAGE_PLATFORM */
export function checkBasePlatform(image: ResolvedImage, reference: string, wanted: Platform): void {
  if (!image.isLocal || isBaseFor(wanted, image.config)) return;
  const { architecture } = image.config;
  const asked = formatPlatform(wanted);
  const has = architecture === '' ? 'unknown' : formatPlatform(imagePlatform(image.config));
  const other = architecture === '' ? '' : `, or build for ${has} (--platform, FROM --platform)`;
  throw new NaruError(
    'not-found',
    'E_IMAGE_PLATFORM',
    `image ${reference} was found but its platform (${has}) does not match the one it is wanted for (${asked})`,
    { hint: `load the image for ${asked}${other}` },
  );
}

/** Whether an image of this machine will do. */
export function isBaseFor(wanted: Platform, config: ImageConfig): boolean {
  return isServedBy(wanted, imagePlatform(config));
}
