/** NR002: an ARG stands above steps that do not need it. */

import type { Instruction } from '../../dockerfile/types.ts';
import type { Span } from '../../source.ts';
import type { Rule } from '../rule.ts';

export const NR002: Rule = {
  id: 'NR002',
  family: 'naru',
  severity: 'info',
  message: 'declare ARG right before the first step that uses it',
  why: 'The arguments declared above a RUN are part of its environment: when the value changes, the RUN runs again, whether it uses the value or not. Arguments that change with every build, such as versions and dates, belong as far down as possible.',
  examples: {
    bad: [
      'FROM debian:12\nARG VERSION\nRUN apt-get update && apt-get install -y curl\nRUN echo $VERSION > /version',
    ],
    good: [
      'FROM debian:12\nRUN apt-get update && apt-get install -y curl\nARG VERSION\nRUN echo $VERSION > /version',
    ],
  },
  check({ dockerfile, instructions }, report) {
    for (const { instruction, stage } of instructions('ARG')) {
      for (const { key, value } of instruction.variables) {
        if (value !== undefined || !/^\w+$/.test(key.text) || !CHANGING.test(key.text)) continue;
        const after = stage?.instructions.slice(stage.instructions.indexOf(instruction) + 1) ?? [];
        const idle = idleRuns(dockerfile.text, after, key.text);
        if (idle === 0) continue;
        const steps = idle === 1 ? 'one step' : `${idle} steps`;
        report({
          span: key.span,
          message: `a new value of ${key.text} repeats ${steps} above its first use`,
        });
      }
    }
  },
};

/** What usually differs from build to build. */
const CHANGING =
  /(?:^|_)(?:VERSION|BUILD|COMMIT|SHA|REV|REVISION|REF|DATE|TIME|TIMESTAMP|TAG|CREATED)(?:_|$)|^(?:GIT|VCS)_|CACHE_?BUST/i;

/** The RUN steps between the declaration and the first instruction that names it; 0 when none does. */
function idleRuns(text: string, after: readonly Instruction[], name: string): number {
  const first = after.findIndex(({ span }) => mentions(text, span, name));
  return after.slice(0, Math.max(first, 0)).filter((instruction) => instruction.name === 'RUN').length;
}

/** As a whole word. */
function mentions(text: string, { end, start }: Span, name: string): boolean {
  for (let at = text.indexOf(name, start); at >= 0 && at < end; at = text.indexOf(name, at + 1)) {
    if (!/\w/.test(text.charAt(at - 1)) && !/\w/.test(text.charAt(at + name.length))) return true;
  }
  return false;
}
