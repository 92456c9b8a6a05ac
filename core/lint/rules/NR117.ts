/** NR117: a port that EXPOSE does not take. */

import { readExposedPorts } from '../../build/exposed-ports.ts';
import { evaluated } from '../evaluation.ts';
import type { Rule } from '../rule.ts';

export const NR117: Rule = {
  id: 'NR117',
  family: 'naru',
  severity: 'error',
  message: 'this is no port: write a number up to 65535, or a range, with /tcp, /udp or /sctp',
  why: 'EXPOSE names ports of the container. What is no port ends the build.',
  examples: {
    bad: ['FROM debian:12\nEXPOSE 99999', 'FROM debian:12\nEXPOSE 80/http'],
    good: ['FROM debian:12\nEXPOSE 8080 9000-9010/udp'],
  },
  check(context, report) {
    const { dockerfile } = context;
    for (const { at, instruction, words } of evaluated(context, 'EXPOSE')) {
      for (const { span, text } of words) {
        // What a variable holds, only the build knows.
        if (dockerfile.text.slice(span.start, span.end).includes('$')) continue;
        const read = readExposedPorts(text);
        if ('fault' in read)
          report({ span, message: read.fault, toolLine: at.line, silencedAt: instruction });
      }
    }
    for (const { instruction } of context.instructions('ONBUILD')) {
      const { trigger } = instruction;
      if (trigger?.name !== 'EXPOSE') continue;
      for (const { span, text } of trigger.values) {
        const read = /["'$\\]/.test(text) ? undefined : readExposedPorts(text);
        if (read !== undefined && 'fault' in read) report({ span, message: read.fault, only: 'naru' }); // another build runs it
      }
    }
  },
};
