/**
 * STOPSIGNAL: how containers are asked to stop.
 */

import { readSingle } from './single.ts';
import type { InstructionSpec } from './spec.ts';

export const stopsignal: InstructionSpec = {
  name: 'STOPSIGNAL',
  syntax: ['STOPSIGNAL <signal>'],
  summary:
    'The signal that asks the containers to stop, as name (`SIGTERM`) or number. Without it SIGTERM is sent.',
  flags: [],
  hasHeredocs: false,
  read: (base, context) => readSingle('STOPSIGNAL', '<signal>', base, context),
};
