/** Users and groups by the /etc/passwd and /etc/group of a mounted root. */

import { readFileSync } from 'node:fs';

import { NaruError } from '../../core/errors.ts';
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
  const [user = '', group] = chown.split(':');
  const { uid, gid } = knownUser(
    directory,
    /^\d+$/.test(user) && group === undefined ? `${user}:${user}` : user,
  );
  if (group === undefined || group === '') return { uid, gid };
  // Docker: an unknown group leaves the user's.
  return { uid, gid: knownUser(directory, `0:${group}`, { uid: 0, gid }).gid };
}

/** USER of a WORKDIR. Docker: an unknown one counts as root. */
export function knownUser(directory: string, user: string, otherwise: Owner = { uid: 0, gid: 0 }): Owner {
  try {
    const { uid, gid } = userInRoot(directory, user);
    return { uid, gid };
  } catch (error) {
    if (error instanceof NaruError && error.code === 'E_NO_SUCH_USER') return otherwise;
    throw error;
  }
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
