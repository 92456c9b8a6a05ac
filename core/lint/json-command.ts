/** The fix that turns a shell command line into a JSON array, where both surely start the same program with the same arguments. */

import type { Placed } from './placed.ts';
import type { Fix, LintContext } from './rule.ts';

/** Undefined where a shell would do something with the text: quotes, variables, patterns, operators; and for an ENTRYPOINT that would be given a CMD from then on. */
export function jsonCommandFix(
  { dockerfile, instructions }: LintContext,
  { instruction, stage }: Placed,
): Fix | undefined {
  const command = 'command' in instruction ? instruction.command : undefined;
  if (command?.kind !== 'shell') return undefined;
  // In this stage or in one that may stand on it. A CMD from below goes when ENTRYPOINT is set.
  const isGivenCommand = instructions('CMD').some((one) => (one.stage?.index ?? 0) >= (stage?.index ?? 0));
  if (instruction.name === 'ENTRYPOINT' && isGivenCommand) return undefined;
  const source = dockerfile.text;
  // Comments may stand between continued lines.
  if (source.slice(command.span.start, command.span.end).includes('\n')) return undefined;
  const text = command.text.trim();
  const json = singleQuotedArray(text) ?? plainWords(text);
  if (json === undefined) return undefined;
  const fix: Fix = {
    title: 'Write it as JSON',
    edits: [{ span: command.span, text: json }],
    changesPlan: true,
  };
  // An ENTRYPOINT gets other arguments then: most hand them on, `sh -c` does not.
  const isHanded =
    instruction.name === 'CMD' &&
    instructions('ENTRYPOINT').some((one) => (one.stage?.index ?? 0) <= (stage?.index ?? 0));
  return isHanded ? { ...fix, needsReview: true } : fix;
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
