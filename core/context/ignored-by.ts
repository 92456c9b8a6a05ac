/** Which line of an ignore file keeps a path out, for who wonders where a file has gone. */

import { readIgnoreFile } from './ignore.ts';
import { compilePatterns } from './patterns.ts';

export interface IgnoringLine {
  /** From 1. */
  readonly line: number;
  /** As it is written, without blanks around it. */
  readonly text: string;
}

/** The line that takes out what no later one lets in again; undefined where none does. Linear in the lines. */
export function ignoredBy(text: string, path: string): IgnoringLine | undefined {
  const { lines, matcher } = readIgnoreFile(text).value;
  if (!matcher.matches(path)) return undefined;
  const about = lines.filter(({ pattern }) => {
    return compilePatterns([pattern.replace(/^!/, '')]).matcher.matches(path);
  });
  const behind = about.slice(about.findLastIndex(({ pattern }) => pattern.startsWith('!')) + 1);
  // Of an exception that had no effect there is nothing behind.
  const [found] = behind.length > 0 ? behind : about.filter(({ pattern }) => !pattern.startsWith('!'));
  if (found === undefined) return undefined;
  const { start, end } = found.span;
  return { line: text.slice(0, start).split('\n').length, text: text.slice(start, end) };
}
