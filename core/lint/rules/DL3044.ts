/** DL3044: ENV that uses a variable it sets itself. */

import type { KeyValue } from '../../dockerfile/types.ts';
import { variableReferences } from '../../dockerfile/variable-references.ts';
import type { Span } from '../../source.ts';
import type { Rule } from '../rule.ts';

export const DL3044: Rule = {
  id: 'DL3044',
  family: 'hadolint',
  severity: 'error',
  naruSeverity: 'warning',
  message: 'this variable is set by the same ENV, so the value used here is the earlier one',
  why: 'All values of one ENV are computed before any of them is set. Use two ENV instructions where one builds on the other.',
  examples: {
    bad: ['FROM debian:12\nENV HOME_DIR=/app BIN_DIR=$HOME_DIR/bin'],
    good: ['FROM debian:12\nENV HOME_DIR=/app\nENV BIN_DIR=$HOME_DIR/bin'],
  },
  check({ dockerfile, instructions }, report) {
    const known = new Set<string>();
    for (const { instruction } of instructions('ARG', 'ENV')) {
      if (instruction.name === 'ARG') for (const { key } of instruction.variables) known.add(key.text);
      if (instruction.name !== 'ENV') continue;
      const names = instruction.pairs.map(({ key }) => key.text);
      const ownUse = variableReferences(dockerfile, instruction).find(
        ({ name, span }) => !known.has(name) && isSetElsewhere(instruction.pairs, name, span),
      );
      if (ownUse !== undefined) report({ span: ownUse.span, toolLine: instruction.line });
      for (const name of names) known.add(name);
    }
  },
};

/** A variable in its own value, `PATH=$PATH:/x`, extends what it was. */
function isSetElsewhere(pairs: readonly KeyValue[], name: string, use: Span): boolean {
  return pairs.some(({ key, value }) => {
    const isOwnValue = value.span.start <= use.start && use.end <= value.span.end;
    return key.text === name && !isOwnValue;
  });
}
