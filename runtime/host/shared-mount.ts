/** Makes a directory a mount point that other mount namespaces follow. */

import { mount, MS } from './syscalls.ts';

/** Idempotent. @throws SystemCallError */
export function shareMount(directory: string): void {
  try {
    mount('', directory, 'none', MS.SHARED | MS.REC, '');
  } catch {
    // Only a mount point can be shared: it becomes one.
    mount(directory, directory, 'none', MS.BIND | MS.REC, '');
    mount('', directory, 'none', MS.SHARED | MS.REC, '');
  }
}
