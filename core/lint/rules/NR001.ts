/** NR001: the whole context is copied before dependencies are installed. */

import { manifestOf } from '../installers.ts';
import { runSteps } from '../run-steps.ts';
import type { Rule } from '../rule.ts';

export const NR001: Rule = {
  id: 'NR001',
  family: 'naru',
  severity: 'warning',
  message: 'copy the manifest and install dependencies before copying the rest',
  why: 'Any change in the context makes COPY run again and everything after it, so that dependencies are installed anew for every edit. Copy the files that name the dependencies, install them, then copy the rest.',
  examples: {
    bad: ['FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci'],
    good: ['FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .'],
  },
  check(context, report) {
    const steps = runSteps(context);
    for (const { instruction, stage } of context.placed) {
      if (instruction.name !== 'COPY' && instruction.name !== 'ADD') continue;
      if (instruction.flags.some(({ name }) => name === 'from')) continue;
      const whole = instruction.sources.find(({ text }) => /^(?:\.|\.\/|\/|\*|\.\/\*)$/.test(text));
      if (whole === undefined) continue;
      const later = steps.filter(
        (step) => step.stage === stage && step.instruction.span.start > instruction.span.end,
      );
      const manifest = later.flatMap(({ commands }) =>
        commands.flatMap((command) => manifestOf(command) ?? []),
      )[0];
      if (manifest === undefined) continue;
      report({
        span: whole.span,
        message: `copy ${manifest} and install dependencies before copying everything`,
      });
    }
  },
};
