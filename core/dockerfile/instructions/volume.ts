/**
 * VOLUME: directories that containers keep outside their own file system.
 */

import { trimSpace } from '../blanks.ts';
import { jsonArray, plainWords } from '../words.ts';
import { rejectNotStrings } from './command-form.ts';
import { readList } from './lists.ts';
import type { InstructionSpec } from './spec.ts';

export const volume: InstructionSpec = {
  name: 'VOLUME',
  syntax: ['VOLUME <path> …', 'VOLUME ["<path>", …]'],
  summary:
    'Containers get a volume of their own at these directories unless one is mounted there. What later build steps write below them stays in the image (the older builder of Docker loses it), and is copied into a new volume.',
  flags: [],
  hasHeredocs: false,
  read(base, context) {
    const array = jsonArray(base.rest);
    if (array.kind === 'not-strings') rejectNotStrings(base.rest, context);
    const isJson = array.kind === 'strings';
    const values = isJson ? array.words : plainWords(base.rest);
    const instruction = readList('VOLUME', base, { values, isJson }, context);
    for (const value of values) {
      if (trimSpace(value.text) !== '') continue;
      const message = 'VOLUME specified can not be an empty string';
      context.refuse('E_EMPTY_VOLUME', message, value.span, { hint: 'write an absolute path' });
    }
    return instruction;
  },
};
