/** An engine that goes away in the middle of something: what was under way, and what to do next. */

import { isErrorKind, NaruError } from '../../core/errors.ts';
import type { Target } from '../driver/targets/target.ts';

/** Codes of errors that mean "the connection is gone" once there was one. */
const LOST: ReadonlySet<string> = new Set([
  'E_CONNECTION',
  'E_ENGINE_UNREACHABLE',
  'E_ENGINE_STREAM',
  'E_SSH_FORWARD',
  'E_BUILD_LOST',
]);

/** Other errors come back as they are. `verb` is the command's name: `build`. */
export function explainLoss(error: unknown, verb: string, target: Target): unknown {
  if (!(error instanceof NaruError) || error.kind !== 'unavailable') return error;
  if (!LOST.has(error.code)) return error;
  const who = target.kind === 'ssh' ? `the connection to ${target.label}` : 'the engine';
  // What a request or a stream says of its own end is for us, not for people; it is kept as the cause.
  const startedAnew = error.code === 'E_BUILD_LOST' && isErrorKind(error.cause, 'not-found');
  const message = startedAnew ? error.message : `${who} went away ${during(verb)}`;
  return new NaruError('unavailable', 'E_ENGINE_LOST', message, {
    hint: nextStep(verb, target),
    cause: error,
  });
}

function during(verb: string): string {
  return verb in DURING ? `while ${DURING[verb]}` : `in the middle of naru ${verb}`;
}

const DURING: Readonly<Record<string, string>> = {
  build: 'building',
  run: 'the container was running',
  start: 'the container was running',
  attach: 'the container was running',
  exec: 'the command was running',
  logs: 'the log was read',
  load: 'loading',
  save: 'saving',
  stats: 'looking',
  forward: 'ports were forwarded',
};

function nextStep(verb: string, { kind }: Target): string {
  const again = AGAIN[verb] ?? 'run the command again';
  if (kind === 'unix') return `start it again, then ${again}`;
  return `${again}${kind === 'local' ? '; that starts the engine, too' : ''}`;
}

const CONTAINERS_GO_ON =
  'containers go on without it: naru ps shows them, naru attach and naru logs -f follow them';

const AGAIN: Readonly<Record<string, string>> = {
  build: 'build again: finished steps are kept',
  run: CONTAINERS_GO_ON,
  start: CONTAINERS_GO_ON,
  attach: CONTAINERS_GO_ON,
};
