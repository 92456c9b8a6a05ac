/** DL3066: USER given by name. */

import { variableReferences } from '../../dockerfile/variable-references.ts';
import { unquoted } from '../quotes.ts';
import type { Rule } from '../rule.ts';
import { windowsStages } from '../windows-stages.ts';

export const DL3066: Rule = {
  id: 'DL3066',
  family: 'hadolint',
  severity: 'info',
  message: 'give the user by number, which is the same on every host',
  why: 'A name is looked up inside the image, and orchestrators that check for root cannot do that: they accept numbers only.',
  examples: {
    bad: ['FROM debian:12\nUSER app'],
    good: ['FROM debian:12\nUSER 1000:1000', 'ARG APP_UID=1000\nFROM debian:12\nARG APP_UID\nUSER $APP_UID'],
  },
  check(context, report) {
    const { dockerfile, instructions } = context;
    const onWindows = context.once(windowsStages);
    const known = new Set<string>();
    for (const { instruction, stage } of instructions('ARG', 'ENV', 'USER')) {
      if (instruction.name === 'ARG') for (const { key } of instruction.variables) known.add(key.text);
      if (instruction.name === 'ENV') {
        for (const { key, value } of instruction.pairs) {
          if (/^\d+$/.test(unquoted(value.text))) known.add(key.text);
        }
      }
      if (instruction.name !== 'USER' || instruction.value === undefined) continue;
      const { text, span } = instruction.value;
      if (/^["']?\d*(?:["':]|$)/.test(text)) continue;
      const isArgument = variableReferences(dockerfile, instruction).some(({ name }) => known.has(name));
      if (isArgument) continue;
      // Root is 0 everywhere, Windows has no numbers, and what the base image's variable holds nobody here knows.
      const isFine =
        /^["']?(?:root(?:["':]|$)|\$)/.test(text) || (stage !== undefined && onWindows.has(stage));
      report({ span, toolLine: instruction.line, ...(isFine ? { only: 'tool' } : {}) });
    }
  },
};
