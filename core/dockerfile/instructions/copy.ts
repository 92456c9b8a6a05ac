/**
 * COPY: files of the build context, a stage or an image into the image.
 */

import { COPY_FLAGS, readCopy } from './copy-arguments.ts';
import type { FlagSpec, InstructionSpec } from './spec.ts';

const flags: readonly FlagSpec[] = [
  {
    name: 'from',
    kind: 'string',
    summary: 'Copy from a stage (name or number), a named context or an image instead of the build context.',
  },
  ...COPY_FLAGS,
  {
    name: 'parents',
    kind: 'boolean',
    summary:
      'Keep the parent directories of the sources; `/./` in a source marks where the kept part starts.',
    values: [
      { value: 'true', summary: 'The same as the flag alone.' },
      { value: 'false', summary: 'The default.' },
    ],
  },
];

export const copy: InstructionSpec = {
  name: 'COPY',
  syntax: ['COPY [flags] <source>… <destination>', 'COPY [flags] ["<source>", …, "<destination>"]'],
  summary:
    'Copies files and directories from the build context, another stage or an image. Of a directory the content is copied, not the directory itself.',
  flags,
  hasHeredocs: true,
  read: (base, context) => readCopy('COPY', flags, base, context),
};
