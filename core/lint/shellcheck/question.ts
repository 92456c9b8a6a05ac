/** What ShellCheck is asked, and one of its answers. */

import type { Severity } from '../severity.ts';

/** What ShellCheck is asked. */
export interface ShellcheckQuestion {
  /** Short, and the same for the same text of the same shell below the same variables in the same order. */
  readonly key: string;
  /** All that it reads. */
  readonly text: () => string;
}

/** Lines and columns count from 1; columns are code points, a tab is one. */
export interface ShellcheckComment {
  readonly code: number;
  readonly level: Severity;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}
