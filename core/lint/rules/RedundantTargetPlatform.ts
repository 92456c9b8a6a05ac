/** RedundantTargetPlatform: FROM --platform=$TARGETPLATFORM. */

import { expand } from '../../dockerfile/expansion.ts';
import { globalVariables } from '../evaluation.ts';
import { removedFlag } from '../removed-flag.ts';
import type { Rule } from '../rule.ts';

export const RedundantTargetPlatform: Rule = {
  id: 'RedundantTargetPlatform',
  family: 'buildkit',
  severity: 'warning',
  message:
    'Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior',
  why: 'The flag changes nothing and suggests that something is being cross-compiled.',
  examples: {
    bad: ['FROM --platform=$TARGETPLATFORM debian:12'],
    good: ['FROM debian:12', 'FROM --platform=$BUILDPLATFORM debian:12'],
  },
  aliases: ['DL3065'],
  check({ dockerfile }, report) {
    const globals = globalVariables(dockerfile);
    const { escape } = dockerfile;
    for (const { from } of dockerfile.stages) {
      const flag = from.flags.find(({ name }) => name === 'platform');
      if (flag?.value === undefined || !isTargetPlatform(flag.value, escape, globals)) continue;
      report({
        span: flag.span,
        toolLine: from.line,
        message: `Setting platform to predefined ${flag.value} in FROM is redundant as this is the default behavior`,
        fix: removedFlag(dockerfile.text, flag),
      });
    }
  },
};

/** TARGETPLATFORM is the only variable in it, and its value is all that comes out. */
function isTargetPlatform(
  text: string,
  escape: '\\' | '`',
  globals: ReadonlyMap<string, string | undefined>,
): boolean {
  const { uses, text: platform } = expand(text, { escape, lookup: (name) => globals.get(name) });
  return (
    uses.length > 0 &&
    uses.every(({ isSet, name }) => isSet && name === 'TARGETPLATFORM') &&
    platform === globals.get('TARGETPLATFORM')
  );
}
