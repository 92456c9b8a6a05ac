/**
 * ARG: variables that the caller of the build may set.
 */

import { quotedRanges, splitAtEquals } from '../words.ts';
import { type InstructionSpec, refuseCount } from './spec.ts';

export const arg: InstructionSpec = {
  name: 'ARG',
  syntax: ['ARG <name>[=<default>] …'],
  summary:
    'Declares build arguments (`--build-arg`). Valid from here to the end of the stage; those before the first FROM are for FROM lines, and a stage repeats the name to use them.',
  flags: [],
  hasHeredocs: false,
  // Docker: flags of ARG are read and never checked (BuildKit 0.32, read).
  read(base, context) {
    const ranges = quotedRanges(base.rest, context.escape);
    if (ranges.length === 0) {
      refuseCount(base, context, 'ARG requires at least one argument', 'ARG <name>[=<default>]');
    }
    const variables = ranges.map((range) => splitAtEquals(base.rest, range));
    for (const { key } of variables) {
      if (key.text !== '') continue;
      context.refuse('E_BLANK_NAME', 'ARG names can not be blank', key.span, {
        hint: 'write a name before the =',
      });
    }
    return { ...base, name: 'ARG', variables };
  },
};
