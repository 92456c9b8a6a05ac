/** WorkdirRelativePath: the first WORKDIR of a stage is relative. */

import { expand } from '../../dockerfile/expansion.ts';
import { goQuote } from '../../dockerfile/go-quote.ts';
import type { SingleInstruction } from '../../dockerfile/types.ts';
import { evaluated } from '../evaluation.ts';
import type { LintContext, Rule } from '../rule.ts';
import { windowsStages } from '../windows-stages.ts';

export const WorkdirRelativePath: Rule = {
  id: 'WorkdirRelativePath',
  family: 'buildkit',
  severity: 'warning',
  message:
    'Relative workdir without an absolute workdir declared within the build can have unexpected results if the base image changes',
  why: 'The path is added to the working directory of the base image, which can change with its next version. After an absolute WORKDIR a relative one is fine.',
  examples: {
    bad: ['FROM debian:12\nWORKDIR app'],
    good: ['FROM debian:12\nWORKDIR /app\nWORKDIR bin'],
  },
  aliases: ['DL3000'],
  check(context, report) {
    const windows = context.once(windowsStages);
    for (const found of evaluated(context, 'WORKDIR')) {
      const { at, hasWorkdir, instruction, os, stage, undefinedVariables, words } = found;
      const [path] = words;
      if (instruction.name !== 'WORKDIR' || path === undefined) continue;
      if (hasWorkdir || isAbsolute(path.text, os) || isBroken(instruction, context)) continue;
      const message = `Relative workdir ${goQuote(path.text)} can have unexpected results if the base image changes`;
      // The base image may set the variable, and one for Windows is built for Windows.
      const isOpen =
        undefinedVariables.length > 0 || (windows.has(stage) && isAbsolute(path.text, 'windows'));
      report({
        span: path.span,
        toolLine: at.line,
        silencedAt: instruction,
        message,
        ...(isOpen ? { only: 'tool' } : {}),
      });
    }
  },
};

/** It cannot be expanded, which the reader tells: no path came of it. */
function isBroken({ value }: SingleInstruction, { dockerfile: { escape } }: LintContext): boolean {
  return value !== undefined && expand(value.text, { escape, lookup: () => '' }).fault !== undefined;
}

/** On Windows the drive does not count and both slashes do. */
function isAbsolute(path: string, os: string): boolean {
  return os === 'windows' ? /^(?:[cC]:)?[/\\]/.test(path) : path.startsWith('/');
}
