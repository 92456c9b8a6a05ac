/**
 * Follows a path through layers that are not mounted, as after chroot(2): absolute links and `..` start or stop at the root.
 * For layers that only the engine writes; what containers write to is resolved by the kernel (runtime/host/resolve-in-root.ts).
 */

import * as fs from 'node:fs';

import { decodePath } from '../../core/tar/path-bytes.ts';
import { type MergedChild, mergedChild, type MergedDirectory, type XattrNamespace } from './overlay-files.ts';

/** What a path leads to: what is on the way from the root, both ends included; or why it leads nowhere, as the errno of a system call. */
export type FollowedPath =
  | { readonly kind: 'found'; readonly trail: readonly MergedChild[] }
  | { readonly kind: 'lost'; readonly code: 'ENOENT' | 'ENOTDIR' | 'ELOOP' };

/** How a path is followed. */
export interface FollowRules {
  readonly namespace: XattrNamespace;
  /** A link at the end of the path is followed as well. */
  readonly followsLast: boolean;
}

/** `root` has at least one layer. */
export function followPath(root: MergedDirectory, path: string, rules: FollowRules): FollowedPath {
  const [top] = root.layers;
  if (top === undefined) return { kind: 'lost', code: 'ENOENT' };
  const trail: MergedChild[] = [
    { name: '', path: top, stats: fs.lstatSync(top, { bigint: true }), directory: root },
  ];
  let pending = partsOf(path);
  let nLinks = 0;
  while (pending.length > 0) {
    const [name = '', ...rest] = pending;
    pending = rest;
    const parent = trail.at(-1)?.directory;
    if (parent === undefined) return { kind: 'lost', code: 'ENOTDIR' };
    if (name === '..') {
      if (trail.length > 1) trail.pop();
      continue;
    }
    const child = mergedChild(parent, name, rules.namespace);
    if (child === undefined) return { kind: 'lost', code: 'ENOENT' };
    if (child.stats.isSymbolicLink() && (pending.length > 0 || rules.followsLast)) {
      nLinks += 1;
      if (nLinks > MAX_LINKS) return { kind: 'lost', code: 'ELOOP' };
      const target = linkTarget(child.path);
      if (target.startsWith('/')) trail.length = 1;
      pending = [...partsOf(target), ...pending];
    } else {
      trail.push(child);
    }
  }
  return { kind: 'found', trail };
}

/** What a symbolic link says, bytes that are not UTF-8 kept as path-bytes.ts does. @throws EINVAL when it is none */
export function linkTarget(path: string | Buffer): string {
  return decodePath(fs.readlinkSync(path, { encoding: 'buffer' }));
}

/** Names on the way; `.` and empty ones are none. */
export function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

const MAX_LINKS = 40;
