/** From the URI of a document to its place on this machine. */

import { fileURLToPath } from 'node:url';

/** The absolute path; undefined for what lies on none, such as a new document, a file of another machine, or a URI that is wrong. */
export function documentPath(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    const path = fileURLToPath(uri);
    return path.includes('\0') ? undefined : path;
  } catch {
    return undefined;
  }
}
