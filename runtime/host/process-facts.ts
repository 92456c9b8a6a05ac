/** What kind of process the engine is: in the initial user namespace or not, and where its volatile files go. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The initial user namespace maps everything to itself; any other is rootless operation. */
export function isInUserNamespace(): boolean {
  return !/^\s*0\s+0\s+4294967295$/m.test(readFileSync('/proc/self/uid_map', 'utf8'));
}

/** Gone after a reboot, and short: sockets live below it. */
export function runtimeDirectory(): string {
  const ofUser = process.env['XDG_RUNTIME_DIR'];
  if (isInUserNamespace() && ofUser !== undefined && ofUser !== '') return join(ofUser, 'naru');
  return '/run/naru';
}
