/** NR106: a mount that does not say where it appears. */

import { readMount } from '../../dockerfile/mounts.ts';
import type { Rule } from '../rule.ts';

export const NR106: Rule = {
  id: 'NR106',
  family: 'naru',
  severity: 'error',
  message: 'this mount needs a target other than /',
  why: 'Every mount but a secret and an SSH agent needs a target: the directory of the step where it appears. Without one the build ends.',
  examples: {
    bad: ['FROM debian:12\nRUN --mount=type=cache make'],
    good: ['FROM debian:12\nRUN --mount=type=cache,target=/root/.cache make'],
  },
  check({ instructions }, report) {
    for (const { instruction } of instructions('RUN')) {
      for (const { name, value, span, valueSpan } of instruction.flags) {
        if (name !== 'mount' || value === undefined || value.includes('$')) continue;
        const read = readMount(value, (text) => text);
        if (read.kind !== 'mount' || !/^(?:bind|cache|tmpfs)$/.test(read.mount.type)) continue;
        const { target } = read.mount;
        if (target === undefined) report({ span: valueSpan ?? span, message: 'this mount names no target' });
        else if (/^\/*$/.test(target)) report({ span: valueSpan ?? span });
      }
    }
  },
};
