/** ShellCheck's comments as findings: each on the words of the Dockerfile that it is about, over continuations and in heredocs. */

import type { Span } from '../../source.ts';
import type { Finding, LintContext } from '../rule.ts';
import { spanOf } from '../shell/script.ts';
import type { ShellcheckComment } from './question.ts';
import {
  type CheckedScript,
  checkedScripts,
  nLinesAbove,
  scriptText,
  shellcheckQuestion,
} from './scripts.ts';

/** Of the scripts that were answered; what is said about the lines above a script is left out. */
export function shellcheckFindings(context: LintContext): readonly Finding[] {
  const { dockerfile, options, once } = context;
  const { severities, shellcheck } = options;
  if (shellcheck === undefined) return [];
  return once(checkedScripts).flatMap((script) => {
    const comments = shellcheck(shellcheckQuestion(script)) ?? [];
    if (comments.length === 0) return [];
    const nAbove = nLinesAbove(script);
    const positionOf = positionReader(scriptText(script.run.script.line));
    const offsetOf: PositionReader = (line, column) =>
      line <= nAbove ? -1 : positionOf(line - nAbove, column);
    return comments.flatMap((comment): Finding[] => {
      const span = spanIn(script, comment, offsetOf);
      if (span === undefined) return [];
      const ruleId = `SC${comment.code}`;
      return [
        {
          ruleId,
          family: 'shellcheck',
          aliases: [],
          severity: severities?.get(ruleId) ?? comment.level,
          message: comment.message,
          span,
          line: context.followsHadolint ? script.run.run.line : dockerfile.lines.positionAt(span.start).line,
        },
      ];
    });
  });
}

type PositionReader = (line: number, column: number) => number;

function spanIn(
  { run }: CheckedScript,
  { column, endColumn, endLine, line }: ShellcheckComment,
  offsetOf: PositionReader,
): Span | undefined {
  const pos = offsetOf(line, column);
  return pos < 0 ? undefined : spanOf({ pos, end: offsetOf(endLine, endColumn) }, run.script.line);
}

/** From lines and columns, which count code points from 1, to offsets. */
function positionReader(text: string): PositionReader {
  const lines = text.split('\n');
  const starts = [0];
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length + 1);
  return (line, column) => {
    const before = Array.from(lines[line - 1] ?? '').slice(0, column - 1);
    return (starts[line - 1] ?? text.length) + before.join('').length;
  };
}
