/** Ending a container: stop, kill, pause, and the end that a restart or a forced removal needs. */

import { NaruError } from '../../../../core/errors.ts';
import { errorCode } from '../../../../local/error-code.ts';
import { crunPause, crunResume } from '../../../oci-runtime/crun.ts';
import type { ContainerEntry } from '../container-entry.ts';
import { publishContainer } from '../container-events.ts';
import { notRunning } from '../not-running.ts';
import type { ContainerParts } from '../parts.ts';
import type { StopOptions } from '../requests.ts';
import { unwatchedHealth } from './health.ts';
import { signalNumber } from './signals.ts';

const SIGKILL = 9;
const SIGTERM = 15;
const DEFAULT_STOP_SECONDS = 10;

/** @throws not-modified when it does not run */
export async function stopContainer(
  parts: ContainerParts,
  entry: ContainerEntry,
  options: StopOptions,
): Promise<void> {
  if (!entry.isRunning && entry.state.status !== 'restarting') {
    throw new NaruError('not-modified', 'E_ALREADY_STOPPED', `container ${entry.id} is already stopped`);
  }
  entry.change({ isStoppedByUser: true });
  await endRun(parts, entry, options);
  publishContainer(parts.events, entry, 'stop');
}

/** @throws conflict in Docker's words when it does not run */
export async function killContainer(
  parts: ContainerParts,
  entry: ContainerEntry,
  signal: string,
): Promise<void> {
  const number = signal === '' ? SIGKILL : signalNumber(signal);
  if (!entry.isRunning) {
    const message = `cannot kill container: ${entry.record.name}: container ${entry.id} is not running`;
    throw new NaruError('conflict', 'E_NOT_RUNNING', message);
  }
  if (number === SIGKILL || number === stopSignalOf(entry)) {
    entry.isStopping = true;
    entry.change({ isStoppedByUser: true });
  }
  const ended = number === SIGKILL ? entry.waitFor('not-running') : undefined;
  await send(parts, entry, number);
  // Docker: KILL answers when the container has ended, other signals at once.
  await ended;
}

/** For a forced removal. */
export async function endByForce(parts: ContainerParts, entry: ContainerEntry): Promise<void> {
  entry.isStopping = true;
  await entry.exclusive(() => Promise.resolve(cancelRestart(entry)));
  if (!entry.isRunning) return;
  const ended = entry.waitFor('not-running');
  await send(parts, entry, SIGKILL);
  await ended;
}

export async function pauseContainer(parts: ContainerParts, entry: ContainerEntry): Promise<void> {
  await entry.exclusive(async () => {
    if (entry.state.status === 'paused') throw conflict(`container ${entry.id} is already paused`);
    if (!entry.isRunning) throw notRunning(entry);
    await crunPause(parts.dirs, entry.id);
    entry.changeState({ status: 'paused', ...unwatchedHealth(entry.state) });
    publishContainer(parts.events, entry, 'pause');
  });
}

export async function unpauseContainer(parts: ContainerParts, entry: ContainerEntry): Promise<void> {
  await entry.exclusive(async () => {
    if (entry.state.status !== 'paused') throw conflict(`container ${entry.id} is not paused`);
    await crunResume(parts.dirs, entry.id);
    entry.changeState({ status: 'running' });
    publishContainer(parts.events, entry, 'unpause');
  });
}

/** Stop signal, then KILL after the timeout; resolves when all of the run is cleaned up. */
export async function endRun(
  parts: ContainerParts,
  entry: ContainerEntry,
  options: StopOptions,
): Promise<void> {
  entry.isStopping = true;
  await entry.exclusive(() => Promise.resolve(cancelRestart(entry)));
  if (!entry.isRunning) return;
  const seconds = options.timeoutSeconds ?? entry.record.config.stopTimeoutSeconds ?? DEFAULT_STOP_SECONDS;
  const signal =
    options.signal === undefined || options.signal === '' ? undefined : signalNumber(options.signal);
  const ended = entry.waitFor('not-running');
  await send(parts, entry, signal ?? stopSignalOf(entry));
  if (seconds >= 0 && !(await endsWithin(ended, seconds * 1000)) && entry.isRunning) {
    await send(parts, entry, SIGKILL);
  }
  await ended;
}

async function endsWithin(ended: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), timeoutMs)));
  const isEnded = await Promise.race([ended.then(() => true), late]);
  clearTimeout(timer);
  return isEnded;
}

/** A container that waits for its restart has no process: it becomes `exited` at once. */
function cancelRestart(entry: ContainerEntry): void {
  if (entry.state.status !== 'restarting') return;
  clearTimeout(entry.restartTimer);
  entry.changeState({ status: 'exited' });
  entry.tell(['not-running', 'next-exit']);
}

async function send(parts: ContainerParts, entry: ContainerEntry, signal: number): Promise<void> {
  const { pid, status } = entry.state;
  // Announced first, so that `kill` comes before the `die` it causes.
  publishContainer(parts.events, entry, 'kill', { signal: String(signal) });
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It has just ended by itself: what was wanted.
    if (errorCode(error) !== 'ESRCH') throw error;
  }
  // A frozen process does not die: it must thaw to get the signal.
  if (status === 'paused' && thaws(entry, signal)) await thaw(parts, entry, signal);
}

/** Docker: by any signal, or, where a stop signal is set, by that one and KILL (dockerd 28.5.2, measured). */
function thaws({ record }: ContainerEntry, signal: number): boolean {
  const { stopSignal = '' } = record.config;
  return signal === SIGKILL || stopSignal === '' || signal === signalNumber(stopSignal);
}

/** Told first, so that it comes before the `die` it may cause. */
async function thaw(parts: ContainerParts, entry: ContainerEntry, signal: number): Promise<void> {
  if (signal !== SIGKILL) {
    entry.changeState({ status: 'running' });
    publishContainer(parts.events, entry, 'unpause');
  }
  try {
    await crunResume(parts.dirs, entry.id);
  } catch (error) {
    if (entry.state.status === 'running') entry.changeState({ status: 'paused' });
    throw error;
  }
}

function stopSignalOf(entry: ContainerEntry): number {
  const { stopSignal } = entry.record.config;
  return stopSignal === undefined || stopSignal === '' ? SIGTERM : signalNumber(stopSignal);
}

function conflict(message: string): NaruError {
  return new NaruError('conflict', 'E_STATE', message);
}
