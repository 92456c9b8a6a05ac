/** NR005: a heredoc of several commands goes on after one fails. */

import type { CommandForm } from '../../dockerfile/types.ts';
import type { Rule } from '../rule.ts';
import { handingStages, ShellState } from '../shell-state.ts';

export const NR005: Rule = {
  id: 'NR005',
  family: 'naru',
  severity: 'warning',
  message: 'begin the heredoc with set -e, otherwise only its last command counts',
  why: 'The lines of a heredoc are one script, and a shell goes on after a command that failed: the step succeeds if the last line does. With `set -e` the first failure ends it. The fix adds that line, which makes the step a different one.',
  examples: {
    bad: ['FROM debian:12\nRUN <<EOF\napt-get update\napt-get install -y curl\nEOF'],
    good: ['FROM debian:12\nRUN <<EOF\nset -e\napt-get update\napt-get install -y curl\nEOF'],
  },
  check(context, report) {
    const { dockerfile, instructions } = context;
    const stops = new ShellState(handingStages(context), false);
    for (const { instruction, stage } of instructions('FROM', 'SHELL', 'RUN')) {
      if (instruction.name === 'FROM') stops.enter(stage, false);
      if (instruction.name === 'SHELL') stops.set(!isUnforgiving(instruction.command));
      if (instruction.name !== 'RUN' || stage === undefined) continue;
      if (instruction.heredocs.length !== 1) continue;
      const [heredoc] = instruction.heredocs;
      if (heredoc === undefined) continue;
      if (!/^<<-?[ \t]*["']?[\w.-]+["']?$/.test(instruction.rest.text)) continue;
      const { body, bodySpan, hasShebang, span, stripsTabs } = heredoc;
      if (hasShebang ? !UNFORGIVING_SHEBANG.test(body) : stops.now) continue;
      if (nCommandLines(body) < 2 || SETS_ERREXIT.test(body)) continue;
      const indent = stripsTabs ? (/^\t*/.exec(dockerfile.text.slice(bodySpan.start))?.[0] ?? '') : '';
      const at = hasShebang ? dockerfile.text.indexOf('\n', bodySpan.start) + 1 : bodySpan.start;
      const edit = { span: { start: at, end: at }, text: `${indent}set -e\n` };
      report({ span, fix: { title: 'Add set -e', edits: [edit], changesPlan: true, needsReview: true } });
    }
  },
};

/** A POSIX shell of the script's own, without -e. */
const UNFORGIVING_SHEBANG = /^#![ \t]*(?:\S*\/)?(?:env[ \t]+)?(?:ba|da|a|k|z)?sh[ \t]*\n/;

const SETS_ERREXIT =
  /(?:^|[\n;&|])[ \t]*set[ \t]+(?:[-\w]+[ \t]+)*?(?:-\w*e|-o[ \t]+errexit)|\|\|[ \t]*exit\b/;

/** A POSIX shell started without -e: there the rule holds. */
function isUnforgiving(command: CommandForm): boolean {
  if (command.kind !== 'exec') return false;
  const [program, ...flags] = command.words.map(({ text }) => text);
  const isShell = /(?:^|\/)(?:ba|da|a|k|z)?sh$/.test(program ?? '');
  return isShell && !flags.some((flag) => /^-\w*e/.test(flag) || flag === 'errexit');
}

/** Lines that begin a command, not counting those that continue the line above or hand on to the next. */
function nCommandLines(body: string): number {
  const lines = body
    .replaceAll(/\\\r?\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  return lines.filter(
    (line) =>
      !/(?:&&|\|\||\||\b(?:do|then|else)|[{(])$/.test(line) && !/^[\])};]|^(?:fi|done|esac)\b/.test(line),
  ).length;
}
