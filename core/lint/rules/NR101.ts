/** NR101: a port that builders refuse. */

import { unquoted } from '../quotes.ts';
import type { Rule } from '../rule.ts';

export const NR101: Rule = {
  id: 'NR101',
  family: 'naru',
  severity: 'error',
  message: 'not a port: write number, number-number or either with /tcp, /udp or /sctp',
  why: 'Ports are numbers up to 65535, ranges go upwards, and the protocol is tcp, udp or sctp. Anything else ends the build.',
  examples: {
    bad: ['FROM debian:12\nEXPOSE http', 'FROM debian:12\nEXPOSE 90-80'],
    good: ['FROM debian:12\nEXPOSE 80 8000-8010/udp'],
  },
  check({ instructions }, report) {
    for (const { instruction } of instructions('EXPOSE', 'ONBUILD')) {
      const found = instruction.name === 'ONBUILD' ? instruction.trigger : instruction;
      if (found?.name !== 'EXPOSE') continue;
      for (const { span, text } of found.values) {
        if (!text.includes('$') && !isPort(unquoted(text))) report({ span });
      }
    }
  },
};

/** Numbers that are too large are DL3011's to find; an address before the port is ExposeInvalidFormat's. */
function isPort(text: string): boolean {
  const match = /^(?:.*:)?(\d+)(?:-(\d+))?(?:\/(?:tcp|udp|sctp)?)?$/i.exec(text);
  return match !== null && (match[2] === undefined || Number(match[1]) <= Number(match[2]));
}
