/**
 * FROM: begins a stage on a base image or on an earlier stage.
 */

import { goQuote } from '../go-quote.ts';
import { checkFlags } from '../flags.ts';
import type { InstructionBase, Word } from '../types.ts';
import { plainWords } from '../words.ts';
import { type FlagSpec, type InstructionSpec, type ReadContext, refuseCount } from './spec.ts';

const flags: readonly FlagSpec[] = [
  {
    name: 'platform',
    kind: 'string',
    summary:
      'The platform of the base image, `os/arch[/variant]`. Without it the platform that is built for.',
    values: [
      {
        value: '$BUILDPLATFORM',
        summary: 'The platform of the machine that builds; for cross-compiling stages.',
      },
      { value: '$TARGETPLATFORM', summary: 'The platform that is built for; the same as no flag.' },
      { value: 'linux/amd64', summary: 'Always this one.' },
      { value: 'linux/arm64', summary: 'Always this one.' },
    ],
  },
];

export const from: InstructionSpec = {
  name: 'FROM',
  syntax: [
    'FROM [--platform=<platform>] <image>[:<tag>|@<digest>] [AS <stage>]',
    'FROM <stage> [AS <stage>]',
    'FROM scratch',
  ],
  summary:
    'Begins a stage on a base image, an earlier stage, or on nothing (`scratch`). The last stage, or the one chosen by `--target`, becomes the image.',
  flags,
  hasHeredocs: false,
  read(base, context) {
    const words = plainWords(base.rest);
    const [image, second, third] = words;
    const isNamed = words.length === 3 && second?.text.toLowerCase() === 'as';
    if (isNamed && third !== undefined) checkStageName(third, context);
    else if (words.length !== 1) refuseWords(base, words, context);
    checkFlags(base, flags, context);
    const asKeyword = second?.text.toLowerCase() === 'as' ? second : undefined;
    return {
      ...base,
      name: 'FROM',
      image,
      asKeyword,
      stageName: asKeyword === undefined ? undefined : third,
    };
  },
};

function checkStageName(name: Word, context: ReadContext): void {
  if (/^[a-z][a-z0-9-_.]*$/.test(name.text.toLowerCase())) return;
  const quoted = goQuote(name.text);
  const message = `invalid name for build stage: ${quoted}, name can't start with a number or contain symbols`;
  const hint = 'use letters, digits, - _ and . and begin with a letter';
  context.refuse('E_STAGE_NAME', message, name.span, { hint });
}

function refuseWords(base: InstructionBase, words: readonly Word[], context: ReadContext): void {
  const message = 'FROM requires either one or three arguments';
  const hint = 'FROM <image> [AS <stage>]';
  if (words.length === 0) refuseCount(base, context, message, hint);
  else context.refuse('E_ARGUMENT_COUNT', message, base.rest.span, { hint });
}
