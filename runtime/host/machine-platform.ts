/** What this machine runs, in the words of images. The level of its processor is not looked at. */

import { arch } from 'node:os';

import { normalizePlatform, type Platform } from '../../core/oci/platform.ts';

/** `linux/amd64`, `linux/arm64`. */
export function machinePlatform(): Platform {
  return normalizePlatform({ os: 'linux', architecture: goArch() });
}

/** The architecture as Go calls it. */
export function goArch(): string {
  const name = arch();
  return name === 'x64' ? 'amd64' : name;
}
