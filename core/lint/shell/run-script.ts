/**
 * The script of a RUN: its line, the words of its exec form joined, or the body of its heredoc.
 * A heredoc is the script when nothing stands beside it (`RUN <<EOF`) or a shell does (`RUN <<EOF bash`, `RUN bash <<EOF`); otherwise it is input of a command.
 */

import type { Heredoc, RunInstruction, Word } from '../../dockerfile/types.ts';
import { EMPTY_SCRIPT, readShell, type ShellScript, type ShellText } from './script.ts';

/** `source` is the text of the Dockerfile. Scripts for other interpreters than a shell have no commands. */
export function readRunScript(run: RunInstruction, source: string): ShellScript {
  if (run.command.kind === 'exec') return readShell(joined(run.command.words));
  const [heredoc] = run.heredocs;
  if (heredoc === undefined) return readShell(run.rest);
  const interpreter = heredocInterpreter(run.rest.text);
  if (interpreter === undefined) return readShell(lineAndBodies(run, heredoc, source));
  const body = bodyText(heredoc, source);
  const shebang = /^\t*#!([^\n]*)/.exec(body.text)?.[1];
  if (!isShell(shebang ?? interpreter)) return EMPTY_SCRIPT;
  return { ...readShell(body), hasOwnInterpreter: (shebang ?? interpreter) !== '' };
}

/** What runs the heredoc: '' for the SHELL of the stage; undefined when the heredoc is only the input of some command. */
function heredocInterpreter(line: string): string | undefined {
  const alone = /^\d*<<-?\s*(["']?)[^\s"'<>|&;]+\1(?:\s+([^|&;<>]*))?$/.exec(line);
  if (alone !== null) return alone[2]?.trim() ?? '';
  const behind =
    /^((?:\S*\/)?(?:env\s+)?\w*sh(?:\s+-\S+(?:\s+pipefail)?)*(?:\s+-s)?)\s*<<-?\s*(["']?)[^\s"'<>|&;]+\2$/.exec(
      line,
    );
  return behind?.[1];
}

/** True for '', which is the stage's shell, and for commands that start a POSIX shell. */
function isShell(interpreter: string): boolean {
  return (
    interpreter.trim() === '' || /^\s*(?:\S*\/)?(?:env\s+(?:-\S+\s+)*)?(?:ba|da|a|k|z)?sh\b/.test(interpreter)
  );
}

function bodyText({ bodySpan }: Heredoc, source: string): ShellText {
  const text = source.slice(bodySpan.start, bodySpan.end).replaceAll('\r\n', ' \n');
  return { text, sourceOffset: (at) => bodySpan.start + Math.min(at, text.length) };
}

function lineAndBodies(run: RunInstruction, first: Heredoc, source: string): ShellText {
  const { rest } = run;
  const { start } = first.bodySpan;
  const bodies = source.slice(start, run.span.end).replaceAll('\r\n', ' \n');
  const bodiesAt = rest.text.length + 1;
  return {
    text: `${rest.text}\n${bodies}\n`,
    sourceOffset: (at) =>
      at < bodiesAt ? rest.sourceOffset(at) : start + Math.min(at - bodiesAt, bodies.length),
  };
}

function joined(words: readonly Word[]): ShellText {
  const starts: number[] = [];
  let text = '';
  for (const word of words) {
    starts.push(text.length);
    text += `${word.text} `;
  }
  function sourceOffset(at: number): number {
    const index = Math.max(
      0,
      starts.findLastIndex((start) => start <= at),
    );
    const word = words[index];
    if (word === undefined) return 0;
    const offset = word.span.start + at - (starts[index] ?? 0);
    return Math.min(offset, word.span.end);
  }
  return { text: text.trimEnd(), sourceOffset };
}
