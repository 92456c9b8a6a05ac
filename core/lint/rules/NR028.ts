/** NR028: a global ARG is used in a stage that does not declare it. */

import type { Instruction } from '../../dockerfile/types.ts';
import type { Span } from '../../source.ts';
import { variableReferences } from '../../dockerfile/variable-references.ts';
import { isGivenByDocker } from '../../dockerfile/predefined-variables.ts';
import { isBaseKnown, isSetByBase } from '../base-variables.ts';
import { bottomImage, parentStages } from '../stage-graph.ts';
import type { Rule } from '../rule.ts';

export const NR028: Rule = {
  id: 'NR028',
  family: 'naru',
  severity: 'warning',
  message: 'an ARG above the first FROM is empty inside stages',
  why: 'Arguments declared before the first FROM are for FROM lines. A stage that wants the value says `ARG NAME` itself. The fix adds that line; where the base image is not known and may set the variable itself, only `--fix-all` does.',
  examples: {
    bad: [
      'ARG VERSION=1.2\nFROM debian:12\nRUN echo $VERSION > /version',
      'ARG VERSION=1.2\nFROM debian:12\nLABEL version=$VERSION',
    ],
    good: ['ARG VERSION=1.2\nFROM debian:12\nARG VERSION\nRUN echo $VERSION > /version'],
  },
  aliases: ['SC2154', 'UndefinedVar'],
  check({ dockerfile, once, options }, report) {
    const names = dockerfile.preamble.flatMap(declaredNames);
    const globals = new Set(names.filter((name) => !isGivenByDocker(name)));
    if (globals.size === 0) return;
    const parents = once(parentStages);
    const declared = new Map<unknown, ReadonlySet<string>>();
    for (const stage of dockerfile.stages) {
      const known = new Set(declared.get(parents.get(stage)));
      for (const instruction of stage.instructions) {
        const before = new Set(known);
        for (const name of declaredNames(instruction)) known.add(name);
        if (!isExpanded(instruction)) continue;
        if ([...globals].every((name) => before.has(name))) continue;
        const text = dockerfile.text.slice(instruction.span.start, instruction.span.end);
        for (const { name, span } of variableReferences(dockerfile, instruction)) {
          if (!globals.has(name) || before.has(name) || isSetFor(instruction, name, span, text)) continue;
          if (isSetByBase(name, bottomImage(stage, parents), options.baseImages)) continue;
          before.add(name);
          known.add(name);
          const { start } = instruction.keywordSpan;
          const edit = { span: { start, end: start }, text: `ARG ${name}\n` };
          const fix = { title: `Add ARG ${name}`, edits: [edit], changesPlan: true } as const;
          // An image may set it, and ARG would hide what it says.
          const isCertain = isBaseKnown(stage, parents, options.baseImages);
          report({
            span,
            message: `${name} is empty here${isCertain ? '' : ' if the base image does not set it'}: the ARG above the first FROM has to be repeated in the stage`,
            fix: isCertain ? fix : { ...fix, needsReview: true },
          });
        }
      }
      declared.set(stage, known);
    }
  },
};

/** Of CMD, ENTRYPOINT and HEALTHCHECK the container asks its own environment, where no ARG is. */
function isExpanded(instruction: Instruction): boolean {
  if (instruction.name === 'RUN') return instruction.command.kind === 'shell';
  return EXPANDED.has(instruction.name);
}

const EXPANDED: ReadonlySet<Instruction['name']> = new Set([
  'ADD',
  'ARG',
  'COPY',
  'ENV',
  'EXPOSE',
  'LABEL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
]);

function declaredNames(instruction: Instruction): readonly string[] {
  if (instruction.name === 'ARG') return instruction.variables.map(({ key }) => key.text);
  return instruction.name === 'ENV' ? instruction.pairs.map(({ key }) => key.text) : [];
}

/** By the instruction itself: an ARG sees those in front of it, an ENV sees nothing that it sets, a script what it assigns. */
function isSetFor(instruction: Instruction, name: string, use: Span, text: string): boolean {
  const hasDefault = new RegExp(`\\$\\{${name}:?[-=+]`).test(text);
  if (instruction.name === 'ENV') return hasDefault;
  if (instruction.name !== 'ARG') return hasDefault || isSetIn(text, name);
  const own = instruction.variables.findLast(({ key }) => key.span.start < use.start);
  return (
    hasDefault ||
    instruction.variables.some(
      ({ key }) => key !== own?.key && key.text === name && key.span.start < use.start,
    )
  );
}

/** Assigned or read by the script itself. */
function isSetIn(text: string, name: string): boolean {
  return new RegExp(`\\b(?:${name}=|(?:read|for|export)\\b[^;&|]*\\b${name}\\b)`).test(text);
}
