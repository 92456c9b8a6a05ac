/** What this process has open. Linux alone can say. */

import { readdirSync, readlinkSync } from 'node:fs';

/** How many descriptors of a file it has. */
export function nOpen(path: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      return false; // that of the listing itself
    }
  }).length;
}
