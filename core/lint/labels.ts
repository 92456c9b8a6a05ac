/** The labels of a file, and the check that rules about their values share. */

import type { EnvInstruction, KeyValue, Stage } from '../dockerfile/types.ts';
import type { Span } from '../source.ts';
import { unquoted } from './quotes.ts';
import type { LabelType, LintContext, Rule } from './rule.ts';

export interface Label {
  /** Without quotes. */
  readonly key: string;
  /** Without quotes, variables as written. */
  readonly value: string;
  readonly keySpan: Span;
  readonly valueSpan: Span;
}

/** Every label, in file order; those of ONBUILD are the matter of another file. */
export function labelsOf({
  once,
}: LintContext): readonly { readonly label: Label; readonly instruction: EnvInstruction }[] {
  return once(readAllLabels);
}

function readAllLabels({ instructions }: LintContext): ReturnType<typeof labelsOf> {
  return instructions('LABEL').flatMap(({ instruction }) =>
    instruction.pairs.map((pair) => ({ label: readLabel(pair), instruction })),
  );
}

/** Those a stage sets itself. */
export function stageLabels({ instructions }: Stage): readonly Label[] {
  return instructions.flatMap((instruction) =>
    instruction.name === 'LABEL' ? instruction.pairs.map(readLabel) : [],
  );
}

/** Reports the labels of that type in the schema whose value `isValid` denies. A value with a variable is not known. */
export function labelCheck(
  type: LabelType,
  isValid: (value: string) => boolean,
  what: string,
): Rule['check'] {
  return (context, report) => {
    const { options } = context;
    if (options.labelSchema.size === 0) return;
    for (const { label, instruction } of labelsOf(context)) {
      if (options.labelSchema.get(label.key) !== type) continue;
      if (label.value.includes('$') || isValid(label.value)) continue;
      const message = `the label \`${label.key}\` is not ${what}`;
      report({ span: label.valueSpan, toolLine: instruction.line, message });
    }
  };
}

function readLabel({ key, value }: KeyValue): Label {
  return {
    key: unquoted(key.text),
    value: unquoted(value.text),
    keySpan: key.span,
    valueSpan: value.span.end > value.span.start ? value.span : key.span,
  };
}
