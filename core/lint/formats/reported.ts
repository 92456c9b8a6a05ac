/** A finding with its file and 1-based positions, as every output format prints it. */

import type { Dockerfile } from '../../dockerfile/types.ts';
import type { Position } from '../../source.ts';
import type { Finding } from '../rule.ts';
import type { Severity } from '../severity.ts';

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
  // Editors show no byte order mark, and count no column for it.
  const columnOf = ({ column, line }: Position): number =>
    line === 0 && dockerfile.text.startsWith('\uFEFF') ? Math.max(column, 1) : column + 1;
  return {
    file,
    line: finding.line + 1,
    column: isElsewhere ? 1 : columnOf(start),
    endLine: (isElsewhere ? finding.line : end.line) + 1,
    endColumn: isElsewhere ? 1 : columnOf(end),
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
