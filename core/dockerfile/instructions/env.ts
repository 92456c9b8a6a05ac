/**
 * ENV: variables of the image, for the build from here on and for its containers.
 */

import { readKeyValues } from './key-values.ts';
import type { InstructionSpec } from './spec.ts';

export const env: InstructionSpec = {
  name: 'ENV',
  syntax: ['ENV <name>=<value> …'],
  summary:
    'Sets environment variables for the following instructions and for containers of the image. A value may use variables set before this line, not those of the same line.',
  flags: [],
  hasHeredocs: false,
  read: (base, context) => readKeyValues('ENV', base, context),
};
