/** UndefinedVar: a variable that neither ARG nor ENV nor the base image sets. */

import type { Instruction, Stage } from '../../dockerfile/types.ts';
import { isBaseKnown, OF_IMAGES } from '../base-variables.ts';
import { evaluated } from '../evaluation.ts';
import { renaming } from '../renaming.ts';
import { parentStages } from '../stage-graph.ts';
import type { Rule } from '../rule.ts';

export const UndefinedVar: Rule = {
  id: 'UndefinedVar',
  family: 'buildkit',
  severity: 'warning',
  message: 'Variables should be defined before their use',
  why: 'The variable is empty here. Often it is misspelt, or declared in another stage or before the first FROM without being repeated. Of a base image that is not known, which may set it, Naru says so only where another variable or stage tells that it is a slip; `--rules buildkit` says it of every one.',
  examples: {
    bad: ['FROM debian:12\nARG VERSION=3\nENV PATH=/opt/$VERISON/bin:$PATH'],
    good: ['FROM debian:12\nARG VERSION=3\nENV PATH=/opt/$VERSION/bin:$PATH'],
  },
  check(context, report) {
    const { dockerfile, options } = context;
    const parents = context.once(parentStages);
    for (const { at, instruction, stage, undefinedVariables } of evaluated(context)) {
      for (const { hasAlternative, name, nameSpan, span, suggestion } of undefinedVariables) {
        const hint = suggestion === undefined ? '' : ` (did you mean $${suggestion}?)`;
        const isCertain =
          !hasAlternative &&
          (isSlip(name, suggestion) ||
            isOfShell(name) ||
            isBaseKnown(stage, parents, options.baseImages) ||
            dockerfile.stages.some((other) => other !== stage && declares(other, name)));
        // Any short name is near to any other: that is no misspelling.
        const isRenamed =
          isSlip(name, suggestion) &&
          at === instruction &&
          name.length > 3 &&
          !isSetBeside(instruction, suggestion) &&
          !isSetBeside(instruction, name);
        report({
          span,
          toolLine: at.line,
          silencedAt: instruction,
          message: `Usage of undefined variable '$${name}'${hint}`,
          ...(isCertain ? {} : { only: 'tool' }),
          ...(isRenamed ? renaming(nameSpan, name, suggestion) : {}),
        });
      }
    }
  },
};

/** PATH is there in every image: a name that ends with it is one of its own. Some names are surely an image's. */
function isSlip(name: string, suggestion: string | undefined): boolean {
  if (suggestion === undefined || OF_IMAGES.has(name)) return false;
  return suggestion !== 'PATH' || !name.endsWith('PATH');
}

/** `$@`, `$1`: no image sets these. */
function isOfShell(name: string): boolean {
  return !/^[A-Za-z_]/.test(name);
}

/** Set by the same ENV: its new value is not there yet. */
function isSetBeside(instruction: Instruction, name: string | undefined): boolean {
  return instruction.name === 'ENV' && instruction.pairs.some(({ key }) => key.text === name);
}

/** An ARG ends with its stage, which is easily forgotten. */
function declares(stage: Stage, name: string): boolean {
  return stage.instructions.some(
    (instruction) => instruction.name === 'ARG' && instruction.variables.some(({ key }) => key.text === name),
  );
}
