/** DL4006: a pipe whose failure is not seen. */

import type { ShellInstruction } from '../../dockerfile/types.ts';
import { isNonPosixShell } from '../shell-in-use.ts';
import { isCall } from '../shell/arguments.ts';
import type { Rule } from '../rule.ts';
import { handingStages, ShellState } from '../shell-state.ts';

export const DL4006: Rule = {
  id: 'DL4006',
  family: 'hadolint',
  severity: 'warning',
  message: 'a failure in this pipe goes unseen: set SHELL with -o pipefail before it',
  why: 'A shell answers with the exit code of the last command in a pipe. Without pipefail a failed download in front of it is a success, and the layer is kept.',
  examples: {
    bad: ['FROM debian:12\nRUN curl -sf https://example.com/list | sort > /list'],
    good: [
      'FROM debian:12\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl -sf https://example.com/list | sort > /list',
    ],
  },
  check(context, report) {
    const { instructions, shellOf } = context;
    const isSafe = new ShellState(handingStages(context), false);
    for (const { instruction, stage } of instructions('FROM', 'SHELL', 'RUN')) {
      if (instruction.name === 'FROM') isSafe.enter(stage, false);
      if (instruction.name === 'SHELL') isSafe.set(seesFailures(instruction));
      if (instruction.name !== 'RUN' || isSafe.now) continue;
      const { commands, interpreter, pipes } = shellOf(instruction);
      const pipe = pipes.at(0);
      if (pipe === undefined) continue;
      // A script may set the option itself, and one with its own interpreter does not ask SHELL.
      const setsItself = commands.some((command) => isCall(command, 'set', ['pipefail']));
      // What is started without a shell of SHELL does not ask it either.
      const isOwn = instruction.command.kind === 'exec';
      const isSeen = isOwn && instruction.command.words.some(({ text }) => /\bpipefail\b/.test(text));
      report({
        span: pipe,
        ...(setsItself || isSeen || interpreter !== undefined ? { only: 'tool' } : {}),
        ...(isOwn && !context.followsHadolint ? { message: OWN_SHELL } : {}),
      });
    }
  },
};

const OWN_SHELL = 'a failure in this pipe goes unseen: begin the script with set -o pipefail';

function seesFailures({ command }: ShellInstruction): boolean {
  const words = command.kind === 'exec' ? command.words.map(({ text }) => text) : command.text.split(/\s+/);
  const [program = ''] = words;
  if (isNonPosixShell(program)) return true;
  if (!['bash', 'zsh', 'ash'].includes(program.split('/').at(-1) ?? '')) return false;
  return words.includes('pipefail') && words.some((word) => /^-(?!-)\w*o/.test(word));
}
