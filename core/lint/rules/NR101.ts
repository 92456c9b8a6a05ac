/** NR101: a port that builders refuse. */

import { readExposedPorts } from '../../build/exposed-ports.ts';
import { unquoted } from '../quotes.ts';
import type { Rule } from '../rule.ts';

export const NR101: Rule = {
  id: 'NR101',
  family: 'naru',
  severity: 'error',
  message: 'not a port: write number, number-number or either with /tcp, /udp or /sctp',
  why: 'Ports are numbers up to 65535, ranges go upwards, and the protocol is tcp, udp or sctp. Anything else ends the build.',
  examples: {
    bad: ['FROM debian:12\nEXPOSE http', 'FROM debian:12\nEXPOSE 90-80', 'FROM debian:12\nEXPOSE 99999'],
    good: ['FROM debian:12\nEXPOSE 80 8000-8010/udp'],
  },
  check({ instructions }, report) {
    for (const { instruction } of instructions('EXPOSE', 'ONBUILD')) {
      const found = instruction.name === 'ONBUILD' ? instruction.trigger : instruction;
      if (found?.name !== 'EXPOSE') continue;
      for (const { span, text } of found.values) {
        // What a variable holds, only the build knows.
        if (!text.includes('$') && 'fault' in readExposedPorts(unquoted(text))) report({ span });
      }
    }
  },
};
