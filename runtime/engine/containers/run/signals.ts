/** Names and numbers of signals as Docker's clients write them: `TERM`, `SIGTERM`, `15`, `RTMIN+3`. */

import { constants } from 'node:os';

import { NaruError } from '../../../../core/errors.ts';

const SIGRTMIN = 34;
const SIGRTMAX = 64;
const NUMBERS: Readonly<Record<string, number>> = constants.signals;

/** @throws NaruError "invalid-argument" in Docker's words */
export function signalNumber(text: string): number {
  if (/^\d+$/.test(text)) {
    const number = Number(text);
    if (number >= 1 && number <= SIGRTMAX) return number;
  } else {
    const name = text.toUpperCase().replace(/^SIG/, '');
    const realtime = /^RT(MIN|MAX)(?:([+-])(\d+))?$/.exec(name);
    const number = realtime === null ? NUMBERS[`SIG${name}`] : realtimeNumber(realtime);
    if (number !== undefined && number <= SIGRTMAX) return number;
  }
  throw new NaruError('invalid-argument', 'E_SIGNAL', `invalid signal: ${text}`);
}

function realtimeNumber(match: RegExpExecArray): number {
  const base = match[1] === 'MIN' ? SIGRTMIN : SIGRTMAX;
  const offset = Number(match[3] ?? 0);
  return match[2] === '-' ? base - offset : base + offset;
}
