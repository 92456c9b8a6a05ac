/** What an image is called whose settings name no tag. */

import * as path from 'node:path';

/** The folder's name, as far as a repository may be called so: one or two separators of a kind stand between letters and digits (distribution/reference, regexp.go). */
export function imageTag(contextDirectory: string): string {
  const name = path
    .basename(contextDirectory)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/[._-]{2,}/g, (separators) => (/^(?:__|-+)$/.test(separators) ? separators : '-'))
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
  return `${name === '' ? 'image' : name}:latest`;
}
