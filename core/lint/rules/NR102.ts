/** NR102: a signal that does not exist. */

import { unquoted } from '../quotes.ts';
import type { Rule } from '../rule.ts';

export const NR102: Rule = {
  id: 'NR102',
  family: 'naru',
  severity: 'error',
  message: 'there is no such signal',
  why: 'STOPSIGNAL is a number, or a name such as SIGTERM, with or without SIG, or SIGRTMIN+3. Anything else ends the build.',
  examples: {
    bad: ['FROM debian:12\nSTOPSIGNAL SIGFOO'],
    good: ['FROM debian:12\nSTOPSIGNAL SIGQUIT'],
  },
  check({ instructions }, report) {
    for (const { instruction } of instructions('STOPSIGNAL', 'ONBUILD')) {
      const found = instruction.name === 'ONBUILD' ? instruction.trigger : instruction;
      if (found?.name !== 'STOPSIGNAL' || found.value === undefined) continue;
      const text = unquoted(found.value.text);
      if (text.includes('$') || isSignal(text)) continue;
      report({ span: found.value.span, message: `there is no signal ${text}` });
    }
  },
};

const NAMES: ReadonlySet<string> = new Set(
  'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU UNUSED URG USR1 USR2 VTALRM WINCH XCPU XFSZ'.split(
    ' ',
  ),
);

function isSignal(text: string): boolean {
  if (/^\d+$/.test(text)) return Number(text) > 0;
  const name = text.toUpperCase().replace(/^SIG/, '');
  return NAMES.has(name) || /^RTMIN(?:\+(?:[1-9]|1[0-5]))?$|^RTMAX(?:-(?:[1-9]|1[0-4]))?$/.test(name);
}
