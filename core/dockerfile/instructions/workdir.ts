/**
 * WORKDIR: the working directory.
 */

import { readSingle } from './single.ts';
import type { InstructionSpec } from './spec.ts';

export const workdir: InstructionSpec = {
  name: 'WORKDIR',
  syntax: ['WORKDIR <path>'],
  summary:
    'The directory in which the following instructions and the containers work; made if it does not exist. A relative path continues the one before.',
  flags: [],
  hasHeredocs: false,
  read: (base, context) => readSingle('WORKDIR', '<path>', base, context),
};
