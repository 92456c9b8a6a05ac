/** Values of `--progress`. */

/** `auto` and `tty` are `plain`, which shows a clock where it writes to a terminal; there is no redrawn list as docker's. */
export const PROGRESS_KINDS = ['auto', 'plain', 'tty', 'json', 'quiet'] as const;
export type ProgressKind = (typeof PROGRESS_KINDS)[number];
