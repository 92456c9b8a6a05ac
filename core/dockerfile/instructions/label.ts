/**
 * LABEL: metadata of the image.
 */

import { readKeyValues } from './key-values.ts';
import type { InstructionSpec } from './spec.ts';

export const label: InstructionSpec = {
  name: 'LABEL',
  syntax: ['LABEL <name>=<value> …'],
  summary:
    'Attaches names and values to the image, such as `org.opencontainers.image.source`. Adds no files.',
  flags: [],
  hasHeredocs: false,
  read: (base, context) => readKeyValues('LABEL', base, context),
};
