/** Tells one run of the machine from the next: what was written before a crash of the machine may be torn. */

import { readFileSync } from 'node:fs';

/** The kernel's id of this boot, the same for every process until the next one. Source: man 5 proc_sys_kernel §random/boot_id. */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
