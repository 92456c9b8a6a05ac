/**
 * USER: who runs the following steps and the containers.
 */

import { readSingle } from './single.ts';
import type { InstructionSpec } from './spec.ts';

export const user: InstructionSpec = {
  name: 'USER',
  syntax: ['USER <user>[:<group>]'],
  summary:
    'The user (and group) of the following RUN steps and of the containers, by name or number. Names are looked up in the image.',
  flags: [],
  hasHeredocs: false,
  read: (base, context) => readSingle('USER', '<user>[:<group>]', base, context),
};
