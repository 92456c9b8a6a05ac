/** Users and groups by the /etc/passwd and /etc/group of a mounted root. */

import { readFileSync } from 'node:fs';

import { openRoot, type ResolvedPath, resolveInRoot } from '../host/resolve-in-root.ts';
import { type ResolvedUser, resolveUser } from '../oci-runtime/users.ts';
import type { Owner } from './make-directories.ts';

/** USER of a step. @throws NaruError "invalid-argument" for an unknown name */
export function userInRoot(directory: string, user: string): ResolvedUser {
  const root = openRoot(directory);
  try {
    const files = { passwd: textIn(root, '/etc/passwd'), group: textIn(root, '/etc/group') };
    return resolveUser(user, [], files);
  } finally {
    root.close();
  }
}

/** `--chown`: a missing group is the user's, and for a number the same number, as in BuildKit. */
export function ownerInRoot(directory: string, chown: string): Owner {
  const text = /^\d+$/.test(chown) ? `${chown}:${chown}` : chown;
  const { uid, gid } = userInRoot(directory, text);
  return { uid, gid };
}

/** '' when there is no such file. */
function textIn(root: ResolvedPath, path: string): string {
  try {
    const file = resolveInRoot(root, path, 'in-root');
    try {
      return readFileSync(file.path, 'utf8');
    } finally {
      file.close();
    }
  } catch {
    return '';
  }
}
