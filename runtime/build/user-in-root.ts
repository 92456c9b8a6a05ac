/** Users and groups by the /etc/passwd and /etc/group of a root. */

import { NaruError } from '../../core/errors.ts';
import { openRoot } from '../host/resolve-in-root.ts';
import { type ResolvedUser, resolveUser } from '../oci-runtime/users.ts';
import { mountedFiles, type RootFiles } from '../snapshots/root-files.ts';
import type { Owner } from './make-directories.ts';

/** USER of a step, in a mounted root. @throws NaruError "invalid-argument" for an unknown name */
export function userInRoot(directory: string, user: string): ResolvedUser {
  const root = openRoot(directory);
  try {
    return userIn(mountedFiles(root), user);
  } finally {
    root.close();
  }
}

/** USER of a RUN, in a mounted root. Docker: an unknown one counts as root. */
export function knownUser(directory: string, user: string): Owner {
  const root = openRoot(directory);
  try {
    return knownIn(mountedFiles(root), user, { uid: 0, gid: 0 });
  } finally {
    root.close();
  }
}

/** `--chown`: a missing group is the user's, and for a number the same number, as in BuildKit. */
export function ownerIn(root: RootFiles, chown: string): Owner {
  const [user = '', group] = chown.split(':');
  const nobody = { uid: 0, gid: 0 };
  const { uid, gid } = knownIn(
    root,
    /^\d+$/.test(user) && group === undefined ? `${user}:${user}` : user,
    nobody,
  );
  if (group === undefined || group === '') return { uid, gid };
  // Docker: an unknown group leaves the user's.
  return { uid, gid: knownIn(root, `0:${group}`, { uid: 0, gid }).gid };
}

function knownIn(root: RootFiles, user: string, otherwise: Owner): Owner {
  try {
    const { uid, gid } = userIn(root, user);
    return { uid, gid };
  } catch (error) {
    if (error instanceof NaruError && error.code === 'E_NO_SUCH_USER') return otherwise;
    throw error;
  }
}

function userIn(root: RootFiles, user: string): ResolvedUser {
  return resolveUser(user, [], {
    passwd: root.readText('/etc/passwd'),
    group: root.readText('/etc/group'),
  });
}
