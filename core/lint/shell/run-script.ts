/**
 * The script of a RUN: its line, the words of its exec form joined, or the body of its heredoc.
 * A heredoc is the script when nothing stands beside it (`RUN <<EOF`) or a shell does (`RUN <<EOF bash`, `RUN bash <<EOF`); otherwise it is input of a command.
 */

import type { Heredoc, LogicalLine, RunInstruction, Word } from '../../dockerfile/types.ts';
import { joinedStrings } from './json-strings.ts';
import type { ScriptReader } from './parsed-script.ts';
import { EMPTY_SCRIPT, readShell, type ShellScript, type ShellText } from './script.ts';

/** `source` is the text of the Dockerfile. Scripts for other interpreters than a shell have no commands. */
export function readRunScript(run: RunInstruction, source: string, read?: ScriptReader): ShellScript {
  if (run.command.kind === 'exec') return readShell(joinedStrings(run.command.words, run.rest), read);
  const heredoc = run.heredocs.at(0);
  if (heredoc === undefined) return readShell(run.rest, read);
  const program = programOfHeredoc(run, heredoc);
  if (program === undefined) return readShell(lineAndBodies(run, heredoc, source), read);
  const body = bodyText(heredoc.bodySpan.start, source.slice(heredoc.bodySpan.start, heredoc.bodySpan.end));
  const named = heredoc.hasShebang ? /^#!([^\n]*)/.exec(body.text)?.[1]?.trim() : undefined;
  const interpreter = named ?? program;
  if (interpreter === '') return readShell(body, read);
  return isShell(interpreter.split(/\s+/)) ? { ...readShell(body, read), interpreter } : EMPTY_SCRIPT;
}

/** What an array in `line` hands to a POSIX shell (`["sh", "-c", "…"]`); undefined where it starts something else. */
export function readArrayScript(
  words: readonly Word[],
  line: LogicalLine,
  read?: ScriptReader,
): ShellScript | undefined {
  const flag = words.findIndex(({ text }, at) => at > 0 && /^-[a-z]*c$/.test(text));
  const script = words[flag + 1];
  if (flag < 0 || script === undefined) return undefined;
  if (!isShell(words.slice(0, flag).map(({ text }) => text))) return undefined;
  return readShell(joinedStrings([script], line), read);
}

/** What runs the heredoc: '' for the SHELL of the stage; undefined when the heredoc is only the input of some command. */
function programOfHeredoc({ rest }: RunInstruction, { span }: Heredoc): string | undefined {
  const before = rest.text.slice(0, offsetIn(rest, span.start)).trim();
  const behind = rest.text.slice(offsetIn(rest, span.end)).trim();
  if (/[|&;<>]/.test(before + behind)) return undefined;
  if (before === '') return behind;
  const words = before.split(/\s+/);
  // A word that is no flag is the script, and the heredoc its input.
  const hasScript = words.some((word, nth) => nth > 0 && !word.startsWith('-') && word !== 'pipefail');
  return behind === '' && !hasScript && isShell(words) ? before : undefined;
}

/** The way from the source to the line: the first offset in its text that lies at `source` or behind it. */
function offsetIn(line: LogicalLine, source: number): number {
  let at = 0;
  while (at < line.text.length && line.sourceOffset(at) < source) at += 1;
  return at;
}

/** True for commands that start a POSIX shell, also by way of env. */
function isShell([program = '', ...others]: readonly string[]): boolean {
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (name === 'env') return isShell(others.filter((word) => !word.startsWith('-')));
  return /^(?:ba|da|a|k|z)?sh$/.test(name);
}

function lineAndBodies({ rest, span }: RunInstruction, { bodySpan }: Heredoc, source: string): ShellText {
  const bodies = bodyText(bodySpan.start, source.slice(bodySpan.start, span.end));
  const bodiesAt = rest.text.length + 1;
  return {
    text: `${rest.text}\n${bodies.text}\n`,
    sourceOffset: (at) => (at < bodiesAt ? rest.sourceOffset(at) : bodies.sourceOffset(at - bodiesAt)),
  };
}

/** Lines end in LF for the shell, those that go on too; the offsets stay what they were. */
function bodyText(start: number, raw: string): ShellText {
  const text = raw.replaceAll('\\\r\n', ' \\\n').replaceAll('\r\n', ' \n');
  return { text, sourceOffset: (at) => start + Math.min(at, text.length) };
}
