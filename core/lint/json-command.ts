/** The fix that turns a shell command line into a JSON array, where both surely start the same program with the same arguments. */

import type { CommandForm } from '../dockerfile/types.ts';
import type { Fix } from './rule.ts';

/** Undefined where a shell would do something with the text: quotes, variables, patterns, operators. */
export function jsonCommandFix(command: CommandForm, source: string): Fix | undefined {
  if (command.kind !== 'shell') return undefined;
  // Comments may stand between continued lines.
  if (source.slice(command.span.start, command.span.end).includes('\n')) return undefined;
  const text = command.text.trim();
  const json = singleQuotedArray(text) ?? plainWords(text);
  if (json === undefined) return undefined;
  return { title: 'Write it as JSON', edits: [{ span: command.span, text: json }], changesPlan: true };
}

/** `[ 'a', 'b' ]`: meant as JSON, which wants double quotes. */
export const SINGLE_QUOTED_ARRAY = /^\[\s*'[^'"\\]*'(?:\s*,\s*'[^'"\\]*')*\s*\]$/;

function singleQuotedArray(text: string): string | undefined {
  return SINGLE_QUOTED_ARRAY.test(text) ? text.replaceAll("'", '"') : undefined;
}

/** The first word may not be a builtin of the shell or an assignment. */
function plainWords(text: string): string | undefined {
  const words = text.split(/[ \t]+/);
  const [program = ''] = words;
  if (!words.every((word) => /^[A-Za-z0-9_./:=,@%+-]+$/.test(word))) return undefined;
  if (program.includes('=') || SHELL_WORDS.has(program)) return undefined;
  return `[${words.map((word) => `"${word}"`).join(', ')}]`;
}

const SHELL_WORDS: ReadonlySet<string> = new Set(
  '. : alias bg break case cd command continue do done elif else esac eval exec exit export fg fi for function getopts hash if in jobs local read readonly return set shift source then time times trap type ulimit umask unalias unset until wait while'.split(
    ' ',
  ),
);
