/** Every table of cases by its name. */

import type { ConformanceCase } from '../conformance-case.ts';
import { ADD_CASES } from './add.ts';
import { ARGUMENT_CASES } from './arguments.ts';
import { CONTEXT_CASES } from './context.ts';
import { COPY_CASES } from './copy.ts';
import { COPY_FLAG_CASES } from './copy-flags.ts';
import { EXPANSION_CASES } from './expansion.ts';
import { FROM_CASES } from './from.ts';
import { HARD_LINK_CASES } from './hard-links.ts';
import { HEREDOC_CASES } from './heredoc.ts';
import { IGNORED_CASES } from './ignored.ts';
import { METADATA_CASES } from './metadata.ts';
import { MOUNT_CASES } from './mount.ts';
import { NAME_CASES } from './names.ts';
import { NAMED_CASES } from './named.ts';
import { OPTION_CASES } from './option.ts';
import { PLACING_CASES } from './placing.ts';
import { READING_CASES } from './reading.ts';
import { REFUSED_CASES } from './refused.ts';
import { REMOTE_CASES } from './remote.ts';
import { RUN_CASES } from './run.ts';
import { STAGE_CASES } from './stages.ts';
import { SYNTAX_CASES } from './syntax.ts';

export const CASE_TABLES: readonly (readonly [string, readonly ConformanceCase[]])[] = [
  ['syntax', SYNTAX_CASES],
  ['heredoc', HEREDOC_CASES],
  ['from', FROM_CASES],
  ['arguments', ARGUMENT_CASES],
  ['expansion', EXPANSION_CASES],
  ['metadata', METADATA_CASES],
  ['copy', COPY_CASES],
  ['copy-flags', COPY_FLAG_CASES],
  ['add', ADD_CASES],
  ['run', RUN_CASES],
  ['mount', MOUNT_CASES],
  ['context', CONTEXT_CASES],
  ['remote', REMOTE_CASES],
  ['named', NAMED_CASES],
  ['option', OPTION_CASES],
  ['reading', READING_CASES],
  ['stages', STAGE_CASES],
  ['placing', PLACING_CASES],
  ['ignored', IGNORED_CASES],
  ['names', NAME_CASES],
  ['hard-links', HARD_LINK_CASES],
  ['refused', REFUSED_CASES],
];
