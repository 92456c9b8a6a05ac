/** DL4001: wget and curl in one stage. */

import { passes, runsWith } from '../runs.ts';
import type { Rule } from '../rule.ts';

export const DL4001: Rule = {
  id: 'DL4001',
  family: 'hadolint',
  severity: 'warning',
  message: 'use either wget or curl, not both',
  why: 'Both do the same. One of them less makes a smaller image.',
  examples: {
    bad: ['FROM debian:12\nRUN wget -q https://example.com/a\nRUN curl -O https://example.com/b'],
    good: ['FROM debian:12\nRUN curl -O https://example.com/a\nRUN curl -O https://example.com/b'],
  },
  check(context, report) {
    const runs = new Set(runsWith(context, ...TOOLS).map(({ run }) => run));
    if (runs.size === 0) return;
    for (const pass of passes(context, 'FROM', 'RUN')) {
      const seen = new Set<string>();
      for (const { instruction } of pass) {
        if (instruction.name === 'FROM') seen.clear();
        if (instruction.name !== 'RUN' || !runs.has(instruction)) continue;
        const { commands } = context.shellOf(instruction);
        const used = commands.filter(({ name }) => TOOLS.includes(name.value));
        for (const { name } of used) seen.add(name.value);
        const [first] = used;
        if (first !== undefined && seen.size > 1) report({ span: first.name.span });
      }
    }
  },
};

const TOOLS: readonly string[] = ['curl', 'wget'];
