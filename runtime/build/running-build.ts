/** One build of the engine as those see it who follow it: its events, who waits for more, and what it made. */

import { NaruError } from '../../core/errors.ts';
import type { BuildEvent } from '../../core/protocol/build.ts';
import { diskFullError } from '../host/disk-full.ts';
import type { BuildNews, MadeBuild } from './builder.ts';
import { LayerRequests } from './layer-requests.ts';

/** Events beyond this many are dropped, the oldest first. */
const MAX_EVENTS = 100_000;

/** A build that succeeded. */
export interface FinishedBuild extends MadeBuild {
  /** The engine has the image. */
  readonly isKept: boolean;
}

/** From its start until it is forgotten; `tell` alone adds events. */
export interface Running {
  readonly id: string;
  readonly events: BuildEvent[];
  readonly abort: AbortController;
  readonly watchers: Set<() => void>;
  readonly layers: LayerRequests;
  /** When nobody follows it, somebody may soon. */
  readonly mayComeBack: boolean;
  /** Once it succeeded. */
  made?: FinishedBuild;
  nEvents: number;
  nFollowers: number;
  isOver: boolean;
}

/** Its first event is told. */
export function newRunning(id: string, mayComeBack: boolean): Running {
  const running: Running = {
    id,
    events: [],
    abort: new AbortController(),
    watchers: new Set(),
    layers: new LayerRequests(),
    mayComeBack,
    nEvents: 0,
    nFollowers: 0,
    isOver: false,
  };
  tell(running, { type: 'started', build: id });
  return running;
}

/** The last event of a build that failed. */
export function errorNews(thrown: unknown, file: string): BuildNews {
  const error = diskFullError(thrown) ?? thrown;
  const known = error instanceof NaruError ? error : undefined;
  const start = known?.location?.start;
  return {
    type: 'error',
    file: known?.location?.file ?? file,
    line: start === undefined ? 0 : start.line + 1,
    column: start === undefined ? 0 : start.column + 1,
    code: known?.code ?? 'E_INTERNAL',
    message: error instanceof Error ? error.message : String(error),
    ...(known?.hint === undefined ? {} : { hint: known.hint }),
  };
}

/** Numbers an event, keeps it, and wakes who waits for it. */
export function tell(running: Running, news: BuildNews): void {
  running.nEvents += 1;
  running.events.push({ ...news, seq: running.nEvents } as BuildEvent); // a BuildNews is a BuildEvent without its number
  if (running.events.length > MAX_EVENTS) running.events.splice(0, running.events.length - MAX_EVENTS);
  for (const wake of running.watchers) wake();
}

/** Resolves at the next event, when the build is over, or when the watcher leaves. */
export function changeOf(running: Running, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    function wake(): void {
      running.watchers.delete(wake);
      signal.removeEventListener('abort', wake);
      resolve();
    }
    running.watchers.add(wake);
    signal.addEventListener('abort', wake, { once: true });
  });
}
