/** ConsistentInstructionCasing: an instruction in another case than most of the file. */

import type { Instruction } from '../../dockerfile/types.ts';
import type { Fix, Rule } from '../rule.ts';

export const ConsistentInstructionCasing: Rule = {
  id: 'ConsistentInstructionCasing',
  family: 'buildkit',
  severity: 'warning',
  message: 'All commands within the Dockerfile should use the same casing (either upper or lower)',
  why: 'Docker takes both, readers look for one.',
  examples: {
    bad: ['FROM debian:12\nrun true\nRUN true'],
    good: ['FROM debian:12\nRUN true', 'from debian:12\nrun true'],
  },
  check({ dockerfile, placed }, report) {
    const nInStages = placed.length - dockerfile.preamble.length;
    // Nearly all are written as they are called.
    const others = placed.filter(
      ({ instruction, stage }) =>
        stage !== undefined && instruction.keyword !== instruction.name && instruction.name !== 'UNKNOWN',
    );
    const nLower = others.filter(({ instruction: { keyword } }) => keyword === keyword.toLowerCase()).length;
    const nUpper = others.filter(({ instruction: { keyword } }) => keyword === keyword.toUpperCase()).length;
    const isLower = nLower > nUpper + nInStages - others.length;
    for (const { instruction } of isLower ? placed.slice(-nInStages) : others) {
      const { keyword, keywordSpan, line } = instruction;
      const text = isLower ? keyword.toLowerCase() : keyword.toUpperCase();
      // The text of a line that is no instruction is somebody's own.
      if (text === keyword || instruction.name === 'UNKNOWN') continue;
      const casing = isLower ? 'lowercase' : 'uppercase';
      report({
        span: keywordSpan,
        toolLine: line,
        message: `Command '${keyword}' should match the case of the command majority (${casing})`,
        fix: {
          title: `Write ${text}`,
          edits: [{ span: keywordSpan, text }, ...stageKeyword(instruction, isLower)],
        },
      });
    }
  },
};

/** The AS of a FROM goes with it. */
function stageKeyword(instruction: Instruction, isLower: boolean): Fix['edits'] {
  if (instruction.name !== 'FROM' || instruction.asKeyword === undefined) return [];
  const { span, text } = instruction.asKeyword;
  return [{ span, text: isLower ? text.toLowerCase() : text.toUpperCase() }];
}
