/**
 * ADD: as COPY, and also downloads, git repositories and archives.
 */

import { COPY_FLAGS, readCopy } from './copy-arguments.ts';
import type { FlagSpec, InstructionSpec } from './spec.ts';

const flags: readonly FlagSpec[] = [
  ...COPY_FLAGS,
  {
    name: 'keep-git-dir',
    kind: 'boolean',
    summary: 'Keep the `.git` directory of a git source.',
    values: [
      { value: 'true', summary: 'The same as the flag alone.' },
      { value: 'false', summary: 'The default.' },
    ],
  },
  {
    name: 'checksum',
    kind: 'string',
    summary:
      'The digest a download must have (`sha256:…`), or the commit of a git source. The build fails if it differs.',
  },
  {
    name: 'unpack',
    kind: 'boolean',
    summary: 'Whether archives are unpacked. Without the flag local archives are and downloads are not.',
    values: [
      { value: 'true', summary: 'Unpack, also downloads.' },
      { value: 'false', summary: 'Keep archives as files.' },
    ],
  },
];

export const add: InstructionSpec = {
  name: 'ADD',
  syntax: ['ADD [flags] <source>… <destination>', 'ADD [flags] ["<source>", …, "<destination>"]'],
  summary:
    'Adds files, downloads (`https://…`), git repositories, and the content of local tar archives. For plain files COPY says it more clearly.',
  flags,
  hasHeredocs: true,
  read: (base, context) => readCopy('ADD', flags, base, context),
};
