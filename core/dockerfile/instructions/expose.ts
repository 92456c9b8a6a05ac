/**
 * EXPOSE: ports the containers listen on.
 */

import { plainWords } from '../words.ts';
import { readList } from './lists.ts';
import type { InstructionSpec } from './spec.ts';

export const expose: InstructionSpec = {
  name: 'EXPOSE',
  syntax: ['EXPOSE <port>[-<port>][/tcp|udp|sctp] …'],
  summary: 'Says which ports the containers listen on. It publishes nothing; `docker run -p` or `-P` does.',
  flags: [],
  hasHeredocs: false,
  read: (base, context) =>
    readList('EXPOSE', base, { values: plainWords(base.rest), isJson: false }, context),
};
