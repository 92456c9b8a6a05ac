/** What ShellCheck answers with `--format=json1`: https://github.com/koalaman/shellcheck/wiki/Integration. */

import type { Severity } from '../severity.ts';
import type { ShellcheckComment } from './question.ts';

/** The comments on each file, by the name it was given; undefined when this is no such answer. */
export function readShellcheckAnswer(
  output: string,
): ReadonlyMap<string, readonly ShellcheckComment[]> | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(output);
  } catch {
    return undefined; // cut off, or an error in words
  }
  const comments = fieldsOf(answer)['comments'];
  if (!Array.isArray(comments)) return undefined;
  const files = new Map<string, ShellcheckComment[]>();
  for (const value of comments) {
    const { file } = fieldsOf(value);
    const comment = readComment(fieldsOf(value));
    if (comment === undefined || typeof file !== 'string') return undefined;
    files.set(file, [...(files.get(file) ?? []), comment]);
  }
  return files;
}

const LEVELS: readonly Severity[] = ['error', 'warning', 'info', 'style'];

function readComment(fields: Readonly<Record<string, unknown>>): ShellcheckComment | undefined {
  const level = LEVELS.find((known) => known === fields['level']);
  const { code, column, endColumn, endLine, line, message } = fields;
  if (level === undefined || typeof message !== 'string') return undefined;
  if (!isCount(code) || !isCount(line) || !isCount(column)) return undefined;
  if (!isCount(endLine) || !isCount(endColumn)) return undefined;
  return { code, level, message, line, column, endLine, endColumn };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
