/** File names that say "archive": what ADD unpacks, and what people unpack by hand. */

import { unquoted } from './quotes.ts';

/** The longest suffixes need no place of their own: `.tar.gz` ends in `.gz`. */
const SUFFIXES: ReadonlySet<string> = new Set([
  '.Z',
  '.bz2',
  '.gz',
  '.lz',
  '.lzma',
  '.tZ',
  '.tar',
  '.tb2',
  '.tbz',
  '.tbz2',
  '.tgz',
  '.tlz',
  '.tpz',
  '.txz',
  '.tzst',
  '.xz',
  '.zst',
]);

/** Case counts, as for ADD itself. A zip is none: ADD does not unpack it. */
export function isArchive(path: string): boolean {
  const bare = unquoted(path);
  const dot = bare.lastIndexOf('.');
  return dot >= 0 && SUFFIXES.has(bare.slice(dot));
}

/** Behind the last slash or backslash, quotes removed. */
export function archiveName(path: string): string {
  return unquoted(path).replace(/^.*[/\\]/s, '');
}
