/** Hover over what Docker knows: instructions, flags with their keys and values, directives, and the few words with a meaning. */

import { instructionSpec } from '../../core/dockerfile/instructions/index.ts';
import type { ValueSpec } from '../../core/dockerfile/instructions/spec.ts';
import { STOP_SIGNALS } from '../../core/dockerfile/instructions/stopsignal.ts';
import type { Instruction, Word } from '../../core/dockerfile/types.ts';
import type { Span } from '../../core/source.ts';
import { type CursorTarget, contains } from '../cursor.ts';
import { code, type Explanation } from './explanation.ts';

const DIRECTIVES: Readonly<Record<string, string>> = {
  syntax:
    'The frontend that reads this file, as an image reference. Naru reads the file itself, as `docker/dockerfile:1` does.',
  escape: 'The character that continues a line and escapes others: `\\` or, for Windows paths, `` ` ``.',
  check:
    'Settings of the build checks: `skip=A,B` or `skip=all`, `error=true`, `experimental=…`, separated by semicolons.',
};

/** Undefined for what means nothing to Docker. */
export function explainTarget(target: CursorTarget, offset: number): Explanation | undefined {
  const { kind } = target;
  switch (kind) {
    case 'keyword':
      return explainInstruction(target.instruction, target.span);
    case 'flag-name': {
      const flags = instructionSpec(target.instruction.name)?.flags;
      const flag = flags?.find((spec) => spec.name === target.flag.name);
      if (flag === undefined) return undefined;
      const { name, summary, values } = flag;
      return { markdown: withValues(`\`--${name}\`: ${summary}`, values, undefined), span: target.span };
    }
    case 'flag-value':
      return explainValue(target);
    case 'directive': {
      const text = DIRECTIVES[target.directive.name];
      return text === undefined ? undefined : { markdown: text, span: target.span };
    }
    case 'rest':
      return explainWord(target.instruction, offset);
    case 'outside':
      return undefined;
  }
}

function explainInstruction(instruction: Instruction, span: Span): Explanation | undefined {
  const spec = instructionSpec(instruction.name);
  if (spec === undefined) return undefined;
  const syntax = `\`\`\`dockerfile\n${spec.syntax.join('\n')}\n\`\`\``;
  const reference = `https://docs.docker.com/reference/dockerfile/#${spec.name.toLowerCase()}`;
  return { markdown: `${syntax}\n${spec.summary}\n\n[Reference](${reference})`, span };
}

function explainValue(target: Extract<CursorTarget, { kind: 'flag-value' }>): Explanation | undefined {
  const { key, span, spec, written } = target;
  if (key !== undefined) {
    return { markdown: withValues(`\`${key.name}=\`: ${key.summary}`, key.values, written), span };
  }
  const value = spec?.values?.find((candidate) => candidate.value === written);
  return value && { markdown: `${code(value.value)}: ${value.summary}`, span };
}

/** What the written value means, or what can be written. */
function withValues(text: string, values: readonly ValueSpec[] = [], written: string | undefined): string {
  const meant = values.filter(({ value }) => value === written?.toLowerCase());
  const shown = meant.length > 0 ? meant : values;
  if (shown.length === 0) return text;
  return `${text}\n\n${shown.map(({ summary, value }) => `- ${code(value)}: ${summary}`).join('\n')}`;
}

/** Words that Docker gives a meaning, by where they stand. */
function explainWord(instruction: Instruction, offset: number): Explanation | undefined {
  const isAt = (word: Word | undefined): word is Word => word !== undefined && contains(word.span, offset);
  switch (instruction.name) {
    case 'FROM':
      if (isAt(instruction.asKeyword))
        return {
          markdown: '`AS`: names the stage, for `FROM`, `COPY --from=`, mounts and `--target`.',
          span: instruction.asKeyword.span,
        };
      if (isAt(instruction.image) && instruction.image.text === 'scratch')
        return {
          markdown: '`scratch`: no base image; the stage begins empty.',
          span: instruction.image.span,
        };
      return undefined;
    case 'STOPSIGNAL': {
      const { value } = instruction;
      const name = value?.text.toUpperCase().replace(/^(?:SIG)?/, 'SIG');
      const signal = STOP_SIGNALS.find(
        (known) => known.value === name || String(known.number) === value?.text,
      );
      if (!isAt(value) || signal === undefined) return undefined;
      return { markdown: `\`${signal.value}\` (${signal.number}): ${signal.summary}`, span: value.span };
    }
    case 'HEALTHCHECK': {
      const { type } = instruction;
      const text = type?.text.toUpperCase();
      if (!isAt(type) || (text !== 'CMD' && text !== 'NONE')) return undefined;
      const meaning = text === 'CMD' ? 'the command that checks.' : 'no check, also none of the base image.';
      return { markdown: `\`${text}\`: ${meaning}`, span: type.span };
    }
    case 'ADD':
    case 'ARG':
    case 'CMD':
    case 'COPY':
    case 'ENTRYPOINT':
    case 'ENV':
    case 'EXPOSE':
    case 'LABEL':
    case 'MAINTAINER':
    case 'ONBUILD':
    case 'RUN':
    case 'SHELL':
    case 'UNKNOWN':
    case 'USER':
    case 'VOLUME':
    case 'WORKDIR':
      return undefined;
  }
}
