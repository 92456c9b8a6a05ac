/** A finding with its file and 1-based positions, as every output format prints it. */

import type { Dockerfile } from '../../dockerfile/types.ts';
import type { Finding, Severity } from '../rule.ts';

export interface Reported {
  readonly file: string;
  /** 1-based, as are the other three. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly level: Severity;
  readonly code: string;
  readonly message: string;
}

/** One output format: all findings of a run to the text that is printed. */
export type Formatter = (reported: readonly Reported[]) => string;

/** `file` is printed as given. */
export function toReported(file: string, dockerfile: Dockerfile, finding: Finding): Reported {
  const start = dockerfile.lines.positionAt(finding.span.start);
  const end = dockerfile.lines.positionAt(finding.span.end);
  const isElsewhere = finding.line !== start.line;
  return {
    file,
    line: finding.line + 1,
    column: isElsewhere ? 1 : start.column + 1,
    endLine: (isElsewhere ? finding.line : end.line) + 1,
    endColumn: isElsewhere ? 1 : end.column + 1,
    level: finding.severity,
    code: finding.ruleId,
    message: finding.message,
  };
}

/** Findings grouped by file, files in the order of their first finding. */
export function byFile(reported: readonly Reported[]): ReadonlyMap<string, readonly Reported[]> {
  const files = new Map<string, Reported[]>();
  for (const item of reported) files.set(item.file, [...(files.get(item.file) ?? []), item]);
  return files;
}
