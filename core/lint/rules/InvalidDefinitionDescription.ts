/** InvalidDefinitionDescription: a comment above FROM or ARG that does not begin with its name. */

import type { Instruction } from '../../dockerfile/types.ts';
import type { Rule } from '../rule.ts';

export const InvalidDefinitionDescription: Rule = {
  id: 'InvalidDefinitionDescription',
  family: 'buildkit',
  severity: 'warning',
  message:
    'Comment for build stage or argument should follow the format: `# <arg/stage name> <description>`. If this is not intended to be a description comment, add an empty line or comment between the instruction and the comment.',
  why: '`docker build --call=outline` and `--call=targets` show such comments as descriptions, but only those that begin with the name.',
  examples: {
    bad: ['# check=experimental=all\n# the build stage\nFROM debian:12 AS build'],
    good: ['# check=experimental=all\n# build compiles the program\nFROM debian:12 AS build'],
  },
  experimental: 'everywhere',
  check({ instructions }, report) {
    for (const { instruction } of instructions('FROM', 'ARG')) {
      const comment = instruction.commentsAbove.at(-1);
      if (comment === undefined) continue;
      const names = definedNames(instruction);
      const [first] = names;
      if (first === undefined) continue;
      if (names.some((name) => name === comment.text.split(' ')[0])) continue;
      const example = names.length > 1 ? '<arg_key>' : first;
      const message = `Comment for ${instruction.name} should follow the format: \`# ${example} <description>\``;
      report({ span: comment.span, toolLine: instruction.line, silencedAt: instruction, message });
    }
  },
};

/** Stage names in lower case, as BuildKit keeps them. */
function definedNames(instruction: Instruction): readonly string[] {
  if (instruction.name === 'ARG') return instruction.variables.map(({ key }) => key.text);
  if (instruction.name !== 'FROM' || instruction.stageName === undefined) return [];
  return [instruction.stageName.text.toLowerCase()];
}
