/** NR013: the whole context is copied with .git or node_modules in it. */

import { readIgnoreFile } from '../../context/ignore.ts';
import type { Rule } from '../rule.ts';
import { runsOf } from '../runs.ts';

export const NR013: Rule = {
  id: 'NR013',
  family: 'naru',
  severity: 'info',
  message: 'list .git and node_modules in .dockerignore',
  why: 'Every commit changes files below .git, and every local installation those in node_modules: the step runs again although no source changed, and both become part of the image. Nothing is said where no .dockerignore is read, as for a file from stdin.',
  examples: {
    bad: [],
    good: ['FROM debian:12\nCOPY app.js /app/'],
  },
  check(context, report) {
    const { dockerignore } = context.options;
    if (dockerignore === undefined) return;
    const { matcher } = readIgnoreFile(dockerignore).value;
    for (const { instruction, stage } of context.instructions('COPY', 'ADD')) {
      if (instruction.flags.some(({ name }) => name === 'from' || name === 'exclude')) continue;
      const whole = instruction.sources.find(({ text }) => /^(?:\.|\.\/|\/)$/.test(text));
      if (whole === undefined) continue;
      const programs = runsOf(context)
        .filter((run) => run.stage === stage && !run.isTrigger)
        .flatMap(({ commands }) => commands.map(({ program }) => program));
      const left = ['.git', 'node_modules'].filter((path) => !matcher.matches(path));
      const unwanted = left.filter((path) =>
        path === '.git'
          ? !programs.includes('git')
          : programs.some((name) => /^(?:npm|yarn|pnpm)$/.test(name)),
      );
      if (unwanted.length === 0) continue;
      report({
        span: whole.span,
        message: `list ${unwanted.join(' and ')} in .dockerignore, or every change there repeats this step`,
      });
    }
  },
};
