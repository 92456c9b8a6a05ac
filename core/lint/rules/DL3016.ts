/** DL3016: npm install without versions. */

import { commandsNamed } from '../runs.ts';
import { plainArguments } from '../shell/arguments.ts';
import type { Rule } from '../rule.ts';

export const DL3016: Rule = {
  id: 'DL3016',
  family: 'hadolint',
  severity: 'warning',
  message: 'pin versions: npm install <package>@<version>',
  why: 'Without a version the same Dockerfile installs something else tomorrow, and the layer cache keeps what it installed today.',
  examples: {
    bad: ['FROM node:22\nRUN npm install express'],
    good: ['FROM node:22\nRUN npm install express@5.0.0', 'FROM node:22\nRUN npm install'],
  },
  check(context, report) {
    for (const command of commandsNamed(context, 'npm')) {
      const [first, ...packages] = plainArguments(command, ['loglevel', 'registry']);
      if (first === undefined || !INSTALLS.includes(first.value)) continue;
      const unpinned = packages.find(({ value }) => !isPinned(value));
      if (unpinned === undefined) continue;
      // hadolint knows the long word alone, and takes a folder for a package.
      const isTools = first.value === 'install';
      const isFolder = /^\.{1,2}$/.test(unpinned.value);
      if (isFolder && !isTools) continue;
      report({ span: unpinned.span, ...(isTools ? (isFolder ? { only: 'tool' } : {}) : { only: 'naru' }) });
    }
  },
};

const INSTALLS: readonly string[] = ['install', 'i', 'add'];

/** A version or tag, a repository at a revision, an archive, or a folder. */
function isPinned(name: string): boolean {
  if (/^git(?:\+ssh|\+https?)?:\/\//.test(name)) return name.includes('#');
  if (/\.(?:tar|tar\.gz|tgz)$/.test(name) || /^(?:\/|\.\/|\.\.\/|~\/)/.test(name)) return true;
  return name.includes('@', name.startsWith('@') ? 1 : 0);
}
