/**
 * COPY: files of the build context, a stage or an image into the image.
 */

import { goQuote } from '../go-quote.ts';
import { expand } from '../expansion.ts';
import type { Flag } from '../types.ts';
import { COPY_FLAGS, readCopy } from './copy-arguments.ts';
import type { FlagSpec, InstructionSpec, ReadContext } from './spec.ts';

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
  read(base, context) {
    const instruction = readCopy('COPY', flags, base, context);
    for (const flag of base.flags) if (flag.name === 'from') checkFrom(flag, context);
    return instruction;
  },
};

/** A stage must be known before anything is expanded, so that `--from` takes no variables. */
function checkFrom(flag: Flag, context: ReadContext): void {
  const { value } = flag;
  if (value === undefined) return;
  const expanded = expand(value, { escape: context.escape, lookup: () => undefined });
  if (expanded.fault === undefined && expanded.text === value) return;
  const message =
    expanded.fault === undefined
      ? 'variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround'
      : `failed to process ${goQuote(value)}: ${expanded.fault.message}`;
  const hint = 'begin a stage with FROM …$variable… AS <name> and write --from=<name>';
  context.refuse('E_FROM_VARIABLE', message, flag.valueSpan ?? flag.span, { hint });
}
