/** What a COPY, an ADD of local files or a bind mount takes: entries, where they land, and what is wrong with the request. */

import type { FileEntry } from './file-tree.ts';

export interface SelectedEntry {
  /** Relative to the destination; '' is the destination itself. */
  readonly destination: string;
  /** Its `path` is where its content lies in the tree. */
  readonly entry: FileEntry;
  /** A file that a source named itself, not one found in a source directory; ADD unpacks only these. */
  readonly isNamedFile: boolean;
  /** Of the others: which of the source directories it was found in, counted from 0. */
  readonly nthDirectory?: number;
}

export interface SelectionFault {
  readonly kind: 'missing' | 'conflict' | 'pattern';
  /** BuildKit's words. */
  readonly message: string;
  /** What the message leaves out. */
  readonly hint?: string;
  /** As in the request; absent for `--exclude` patterns. */
  readonly source?: string;
}

export interface Selection {
  /** Sorted by destination (`comparePaths`), each destination once. */
  readonly entries: readonly SelectedEntry[];
  /**
   * "inside": the destination is a directory and entries land below it.
   * "exact": a single file lands at the destination itself.
   * "open": named files land at the destination, or below it under their own names if it is a directory; `entries` has those names.
   */
  readonly landing: 'inside' | 'exact' | 'open';
  /** Open with several files: the one copied last, which is what stays where the destination is no directory. */
  readonly lastNamed?: string;
  /** A directory comes after a file: that file is in its way unless the destination is a directory before. */
  readonly isFileFirst?: boolean;
  /** The last directory that was a source: the destination is then made, mode 0755, and does not get this one's mode. */
  readonly directory?: FileEntry;
  /** Wildcards that matched nothing, which is no fault. */
  readonly unmatched: readonly string[];
  /** In the order found; BuildKit stops at the first. */
  readonly faults: readonly SelectionFault[];
}
