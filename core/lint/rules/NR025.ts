/** NR025: a JSON array that counts on a shell. */

import { execForm } from '../exec-form.ts';
import type { Rule } from '../rule.ts';

export const NR025: Rule = {
  id: 'NR025',
  family: 'naru',
  severity: 'warning',
  message: 'no shell reads this array, so this is passed on as it is written',
  why: 'Variables, `&&`, pipes and redirections are work of a shell, and the JSON form starts the program without one. Use the shell form, or name the shell: ["sh", "-c", "…"].',
  examples: {
    bad: ['FROM debian:12\nCMD ["echo", "$HOME"]', 'FROM debian:12\nRUN ["make", "&&", "make", "install"]'],
    good: ['FROM debian:12\nCMD ["sh", "-c", "echo $HOME"]'],
  },
  check({ instructions }, report) {
    for (const { instruction } of instructions('RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK')) {
      const [program, ...args] = execForm(instruction)?.words ?? [];
      if (program === undefined || READERS.test(program.text)) continue;
      if (args.some(({ text }) => READERS.test(text) || /^-\w*c$/.test(text))) continue;
      for (const { span, text } of args) {
        if (WORK_OF_A_SHELL.test(text) || (INSIDE.test(text) && !/(?:^|\/)java$/.test(program.text)))
          report({ span });
      }
    }
  },
};

/** Shells, and programs that read variables or operators themselves. */
const READERS =
  /(?:^|[\\/])(?:(?:ba|da|a|k|z|c|tc|fi)?sh|cmd|powershell|pwsh|env|envsubst|expr|test|\[|awk|gawk|perl|find|jq|gosu|tini|dumb-init|supervisord)(?:\.exe)?$/i;

/** A variable, or an operator. */
const WORK_OF_A_SHELL = /^\$(?:\w+|\{\w+\})$|^(?:&&|\|\|?|;|>>?|2>&1|<)$/;

/** `0.0.0.0:$PORT`, `--port=${PORT}`. Java's programs often read the latter themselves. */
const INSIDE = /^[\w.-]+[:=]\$(?:[A-Za-z_]\w*|\{\w+\})$/;
