/** `# shellcheck disable=…` in a script of several lines, for the rules that stand in for ShellCheck; it reads its own. */

import type { Span } from '../../source.ts';
import type { LintContext } from '../rule.ts';

export interface Disabled {
  /** `SC2086`. */
  readonly isMeant: (code: string) => boolean;
  readonly span: Span;
}

/** For `context.once`. A comment above the first command holds for the whole script, another one for the command below it. */
export function disabledParts({ dockerfile, instructions }: LintContext): readonly Disabled[] {
  return instructions('RUN').flatMap(({ instruction: { heredocs } }) =>
    heredocs.flatMap(({ bodySpan }) =>
      disabledIn(dockerfile.text.slice(bodySpan.start, bodySpan.end), bodySpan),
    ),
  );
}

function disabledIn(body: string, { end, start }: Span): readonly Disabled[] {
  if (!body.includes('shellcheck')) return [];
  const found: Disabled[] = [];
  let hasCommand = false;
  let at = 0;
  for (const line of body.split(/(?<=\n)/)) {
    const list = DISABLES.exec(line)?.[1];
    const below = at + line.length;
    if (list !== undefined) {
      const until = hasCommand ? start + commandEnd(body, below) : end;
      found.push({ isMeant: codesOf(list), span: { start: start + below, end: until } });
    } else if (!/^\s*(?:#|$)/.test(line)) hasCommand = true;
    at = below;
  }
  return found;
}

const DISABLES = /^\s*#\s*shellcheck\s+(?:\S+\s+)*?disable=(\S+)/;

/** Of the first command from `from` on, with the lines that it goes on in. Where a compound one ends is not looked for: less is said. */
function commandEnd(body: string, from: number): number {
  const rest = body.slice(from);
  const above = /^(?:\s*(?:#[^\n]*)?\n)*/.exec(rest)?.[0].length ?? 0;
  if (/^\s*(?:if|for|while|until|case|select|function|\{|\(|\w+\s*\(\))/.test(rest.slice(above)))
    return body.length;
  const command = /^(?:[^\n]*\\\n)*[^\n]*/.exec(rest.slice(above))?.[0].length ?? 0;
  return from + above + command;
}

/** `SC2086,2046`, `SC2000-SC2999`, `all`. */
function codesOf(list: string): (code: string) => boolean {
  const ranges = list.split(',').map((item) => item.replaceAll('SC', '').split('-').map(Number));
  return (code) => {
    const number = Number(code.slice('SC'.length));
    return list === 'all' || ranges.some(([first = 0, last = first]) => first <= number && number <= last);
  };
}
