/** Absolute paths inside images, always with slashes, whatever the machine. */

import { cleanPath } from '../context/paths.ts';

/** `path` from `directory` (absolute), clean and absolute, without a slash at its end except '/'. */
export function resolvePath(directory: string, path: string): string {
  return cleanPath(path.startsWith('/') ? path : `/${directory}/${path}`);
}

/** The last component; '' of '/'. */
export function lastComponent(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  return trimmed.slice(trimmed.lastIndexOf('/') + 1);
}
