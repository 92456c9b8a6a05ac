/** Slash-separated paths as text: cleaning, joining below a root, and the order in which trees are listed. No file system is asked. */

/** Go's path.Clean: no doubled slashes, no `.`, `..` taken back where possible; '' becomes '.', a trailing slash goes. */
export function cleanPath(path: string): string {
  const isRooted = path.startsWith('/');
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (part !== '..' || !isRooted) kept.push(part);
  }
  return `${isRooted ? '/' : ''}${kept.join('/')}` || '.';
}

/** Path relative to a tree's root: `..` stops at the root, '' is the root itself. */
export function treePath(path: string): string {
  return cleanPath(`/${path}`).slice(1);
}

/** Last component; '' for the root. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The directory a tree path lies in; '' for children of the root. */
export function parentPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Joins two tree paths, either of which may be ''. */
export function joinPath(parent: string, child: string): string {
  return parent === '' || child === '' ? `${parent}${child}` : `${parent}/${child}`;
}

/** True for `below` itself and everything under it. */
export function isAtOrBelow(path: string, below: string): boolean {
  return below === '' || path === below || (path.startsWith(below) && path.charCodeAt(below.length) === 47);
}

/** The path relative to a directory above it. */
export function pathBelow(path: string, directory: string): string {
  return directory === '' ? path : path.slice(directory.length + 1);
}

/** Order of a walk: a directory before its children, siblings by the bytes of their UTF-8 names. */
export function comparePaths(left: string, right: string): number {
  const shared = Math.min(left.length, right.length);
  for (let at = 0; at < shared; at += 1) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

/** The slash comes before all else; surrogates after the rest of the plane, as in UTF-8. */
function rank(unit: number): number {
  if (unit === 47) return -1;
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
