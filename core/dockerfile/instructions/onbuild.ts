/**
 * ONBUILD: an instruction kept for the build of images based on this one.
 */

import { checkFlags } from '../flags.ts';
import { type InstructionSpec, refuseCount } from './spec.ts';

export const onbuild: InstructionSpec = {
  name: 'ONBUILD',
  syntax: ['ONBUILD <instruction>'],
  summary:
    'Keeps an instruction in the image; it runs when another build uses this image in FROM, right after that FROM. ONBUILD, FROM and MAINTAINER cannot be kept.',
  flags: [],
  hasHeredocs: true,
  read(base, context) {
    const trigger = base.rest.text === '' ? undefined : context.readTrigger(base);
    if (trigger === undefined) {
      refuseCount(base, context, 'ONBUILD requires at least one argument', 'ONBUILD <instruction>');
    }
    checkFlags(base, [], context);
    const name = trigger?.keyword.toUpperCase() ?? '';
    if (trigger !== undefined && name === 'ONBUILD') {
      const message = "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed";
      context.refuse('E_ONBUILD_CHAIN', message, trigger.keywordSpan, { hint: 'remove one ONBUILD' });
    } else if (trigger !== undefined && (name === 'MAINTAINER' || name === 'FROM')) {
      const message = `${name} isn't allowed as an ONBUILD trigger`;
      context.refuse('E_ONBUILD_TRIGGER', message, trigger.keywordSpan, { hint: `remove this ${name}` });
    }
    return { ...base, name: 'ONBUILD', trigger };
  },
};
