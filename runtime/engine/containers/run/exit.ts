/** What happens when the process of a container has ended: state, events, cleaning up, restart or removal. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Exit } from '../../../oci-runtime/exits.ts';
import { bundleDir } from '../../../oci-runtime/runtime-dirs.ts';
import type { ContainerEntry } from '../container-entry.ts';
import { publishContainer } from '../container-events.ts';
import type { ContainerParts } from '../parts.ts';
import { unwatchedHealth } from './health.ts';
import { releaseFiles, releaseShared } from './release.ts';
import { removeAfterRun } from './remove.ts';
import { LONG_RUN_MS, restartPauseMs, shouldRestart } from './restart-policy.ts';
import { startLocked } from './start.ts';

/** Called for each exit file that appears. */
export function onExit(parts: ContainerParts, id: string, exit: Exit): void {
  const entry = parts.table.byId(id);
  if (entry === undefined) return;
  const finishing = entry
    .exclusive(() => finishRun(parts, entry, exit))
    .catch((error: unknown) => parts.onProblem(`cannot finish the run of container ${id}`, error))
    .finally(() => parts.finishing.delete(finishing));
  parts.finishing.add(finishing);
}

/** Inside `exclusive`. */
export async function finishRun(parts: ContainerParts, entry: ContainerEntry, exit: Exit): Promise<void> {
  if (!entry.isRunning) return;
  const { exitCode, finishedAt } = exit;
  const oomKilled = existsSync(join(bundleDir(parts.dirs, entry.id), 'oom'));
  const ranMs = finishedAt.getTime() - (entry.state.startedAt ?? finishedAt).getTime();
  const willRestart = shouldRestart(entry.record.host.restartPolicy, {
    exitCode,
    restartCount: entry.record.restartCount,
    wasAsked: entry.isStopping,
  });
  const isLeaving = !willRestart && entry.record.host.autoRemove === true && !entry.keepsAfterExit;
  const status = willRestart ? 'restarting' : 'exited';
  const { attachment: _attachment, ...record } = entry.record;
  // Stored before it is announced, and before the exit file goes: who hears of the end finds it in the record.
  const ended = {
    status,
    pid: 0,
    exitCode,
    finishedAt,
    oomKilled,
    ...unwatchedHealth(record.state),
  } as const;
  entry.replace({ ...record, state: { ...record.state, ...ended } });
  // Begun before anyone is told, so that ports are free then; all of it is over before the next work in `exclusive`.
  const released = releaseShared(parts, entry);
  if (oomKilled) publishContainer(parts.events, entry, 'oom');
  const execDuration = String(Math.max(0, Math.round(ranMs / 1000)));
  publishContainer(parts.events, entry, 'die', { exitCode: String(exitCode), execDuration });
  // Docker: also of one that restarts, so that an attached client ends.
  entry.tell(['next-exit', 'not-running']);
  await released;
  if (isLeaving) return removeAfterRun(parts, entry);
  await releaseFiles(parts, entry);
  if (willRestart) scheduleRestart(parts, entry, ranMs);
}

/** Also after a start of the engine, for a container that was waiting for its restart. */
export function scheduleRestart(parts: ContainerParts, entry: ContainerEntry, ranMs: number): void {
  entry.nQuickExits = ranMs >= LONG_RUN_MS ? 1 : entry.nQuickExits + 1;
  entry.change({ restartCount: entry.record.restartCount + 1 });
  entry.restartTimer = setTimeout(() => {
    entry
      .exclusive(async () => {
        // A stop during the pause has made it `exited`.
        if (entry.state.status === 'restarting') await startLocked(parts, entry);
      })
      .catch((error: unknown) => parts.onProblem(`cannot restart container ${entry.id}`, error));
  }, restartPauseMs(entry.nQuickExits));
}
