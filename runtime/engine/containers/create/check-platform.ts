/** `POST /containers/create?platform=`: an image of another platform is refused, in the words of dockerd 28.5.2. */

import { NaruError } from '../../../../core/errors.ts';
import { imagePlatform } from '../../../../core/oci/image-config.ts';
import { isServedBy } from '../../../../core/oci/platform-match.ts';
import { readPlatformSpecifier, type PlatformSpecifier } from '../../../../core/oci/platform-specifier.ts';
import { formatPlatform } from '../../../../core/oci/platform.ts';
import { machinePlatform } from '../../../host/machine-platform.ts';
import type { Image } from '../../images/image-store.ts';

/** Undefined when nothing was asked. @throws NaruError "invalid-argument" in containerd's words */
export function wantedPlatform(text: string | undefined): PlatformSpecifier | undefined {
  if (text === undefined) return undefined;
  const read = readPlatformSpecifier(text, machinePlatform());
  if ('fault' in read) throw new NaruError('invalid-argument', 'E_PLATFORM', read.fault);
  return read;
}

/**
 * Answers warnings: who asks for no platform is only warned of an image of another machine (dockerd 28.5.2, which also names the level of the processor).
 *
 * @throws NaruError "not-found", as dockerd answers: its client then asks a registry for the platform
 */
export function checkPlatform(
  wanted: PlatformSpecifier | undefined,
  image: Image,
  asked: string,
): readonly string[] {
  const own = imagePlatform(image.config);
  const machine = machinePlatform();
  if (isServedBy(wanted?.platform ?? machine, own)) return [];
  if (wanted === undefined) {
    return [
      `The requested image's platform (${formatPlatform(own)}) does not match the detected host platform (${formatPlatform(machine)}) and no specific platform was requested`,
    ];
  }
  const reference = asked.replace(/^(?:docker\.io\/)?(?:library\/)?/, '');
  throw new NaruError(
    'not-found',
    'E_IMAGE_PLATFORM',
    `image with reference ${reference} was found but its platform (${formatPlatform(own)}) does not match the specified platform (${wanted.shown})`,
  );
}
