/**
 * MAINTAINER: the author, deprecated.
 */

import { readSingle } from './single.ts';
import type { InstructionSpec } from './spec.ts';

export const maintainer: InstructionSpec = {
  name: 'MAINTAINER',
  syntax: ['MAINTAINER <name>'],
  summary:
    'Sets the author of the image. Deprecated: `LABEL org.opencontainers.image.authors=…` says the same and can be queried.',
  flags: [],
  hasHeredocs: false,
  read: (base, context) => readSingle('MAINTAINER', '<name>', base, context),
};
