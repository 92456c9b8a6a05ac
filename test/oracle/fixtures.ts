/** Every fixture: 160 edits. */

import { MODERN } from './modern.ts';
import { MOUNTS_ALONE, MOUNTS_CHAINED } from './mounts.ts';
import type { OracleFixture } from './oracle-edit.ts';
import { CONTEXT_EDITS } from './portable-context.ts';
import { DOCKERFILE_EDITS } from './portable-dockerfile.ts';
import { OPTION_EDITS } from './portable-options.ts';
import { CONTEXT, DOCKERFILE } from './portable-project.ts';

export const FIXTURES: readonly OracleFixture[] = [
  {
    name: 'a project of several stages',
    dockerfile: DOCKERFILE,
    context: CONTEXT,
    edits: [...CONTEXT_EDITS, ...DOCKERFILE_EDITS, ...OPTION_EDITS],
  },
  MOUNTS_ALONE,
  MOUNTS_CHAINED,
  MODERN,
];
