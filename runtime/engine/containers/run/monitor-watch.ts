/**
 * A container whose conmon died has no one who reads its output or hears its end; nothing can give it a new one.
 * So it counts as killed: at the engine's start, and within a second while the engine runs.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Exit } from '../../../oci-runtime/exits.ts';
import { bundleDir } from '../../../oci-runtime/runtime-dirs.ts';
import type { ContainerEntry } from '../container-entry.ts';
import type { ContainerParts } from '../parts.ts';

/** The exit code of a container whose monitor is gone, and with it the real one. */
const LOST_EXIT_CODE = 137;
const INTERVAL_MS = 1000;

/** Its conmon is alive; the pid may have been given to another program meanwhile, so the command line is looked at. */
export function isMonitored(parts: ContainerParts, entry: ContainerEntry): boolean {
  try {
    const pid = readFileSync(join(bundleDir(parts.dirs, entry.id), 'conmon.pid'), 'utf8').trim();
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(entry.id);
  } catch {
    return false;
  }
}

/** How a container without a monitor ended: its last words, where conmon could still write them. */
export function exitWithoutMonitor(parts: ContainerParts, entry: ContainerEntry): Exit {
  return parts.exits.readExit(entry.id) ?? { exitCode: LOST_EXIT_CODE, finishedAt: new Date() };
}

/** Reports the end when the monitor of this run is gone; ends with the run. */
export function watchMonitor(parts: ContainerParts, entry: ContainerEntry): void {
  const timer = setInterval(() => {
    if (isMonitored(parts, entry)) return;
    clearInterval(timer);
    if (entry.isRunning) parts.exits.report(entry.id, exitWithoutMonitor(parts, entry));
  }, INTERVAL_MS);
  timer.unref();
  entry.companions.add({ close: () => clearInterval(timer) });
}
