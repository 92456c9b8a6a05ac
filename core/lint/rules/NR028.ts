/** NR028: a global ARG is used in a stage that does not declare it. */

import type { Instruction } from '../../dockerfile/types.ts';
import { variableReferences } from '../../dockerfile/variable-references.ts';
import { bottomImage, parentStages } from '../stage-graph.ts';
import type { LintOptions, Rule } from '../rule.ts';

export const NR028: Rule = {
  id: 'NR028',
  family: 'naru',
  severity: 'warning',
  message: 'an ARG above the first FROM is empty inside stages',
  why: 'Arguments declared before the first FROM are for FROM lines. A stage that wants the value says `ARG NAME` itself. The fix adds that line.',
  examples: {
    bad: [
      'ARG VERSION=1.2\nFROM debian:12\nRUN echo $VERSION > /version',
      'ARG VERSION=1.2\nFROM debian:12\nLABEL version=$VERSION',
    ],
    good: ['ARG VERSION=1.2\nFROM debian:12\nARG VERSION\nRUN echo $VERSION > /version'],
  },
  aliases: ['SC2154', 'UndefinedVar'],
  check({ dockerfile, once, options }, report) {
    const globals = new Set(dockerfile.preamble.flatMap(declaredNames));
    if (globals.size === 0) return;
    const parents = once(parentStages);
    const declared = new Map<unknown, ReadonlySet<string>>();
    for (const stage of dockerfile.stages) {
      const known = new Set(declared.get(parents.get(stage)));
      for (const instruction of stage.instructions) {
        for (const name of declaredNames(instruction)) known.add(name);
        if (!isExpanded(instruction)) continue;
        if ([...globals].every((name) => known.has(name))) continue;
        const text = dockerfile.text.slice(instruction.span.start, instruction.span.end);
        for (const { name, span } of variableReferences(dockerfile, instruction)) {
          if (!globals.has(name) || known.has(name) || isSetIn(text, name)) continue;
          if (isSetByBase(name, bottomImage(stage, parents), options.baseImages)) continue;
          known.add(name);
          const { start } = instruction.keywordSpan;
          const edit = { span: { start, end: start }, text: `ARG ${name}\n` };
          report({
            span,
            message: `${name} is empty here: the ARG above the first FROM has to be repeated in the stage`,
            fix: { title: `Add ARG ${name}`, edits: [edit], changesPlan: true },
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

/** What is known of the image, or told by its name: `node` sets NODE_VERSION. */
function isSetByBase(name: string, image: string, known: LintOptions['baseImages']): boolean {
  if (known?.get(image)?.variables.has(name) === true) return true;
  const product = /^([A-Z\d]+)_VERSION$/.exec(name)?.[1]?.toLowerCase();
  return product !== undefined && new RegExp(`(?:^|/)${product}(?:[:@-]|$)`).test(image);
}

function declaredNames(instruction: Instruction): readonly string[] {
  if (instruction.name === 'ARG') return instruction.variables.map(({ key }) => key.text);
  return instruction.name === 'ENV' ? instruction.pairs.map(({ key }) => key.text) : [];
}

/** Assigned or read by the script itself, or given a default. */
function isSetIn(text: string, name: string): boolean {
  return new RegExp(`\\b(?:${name}=|(?:read|for|export)\\b[^;&|]*\\b${name}\\b)|\\$\\{${name}:?[-=+]`).test(
    text,
  );
}
