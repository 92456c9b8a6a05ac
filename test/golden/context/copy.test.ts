/**
 * What `COPY [--exclude=…] SOURCE /q/` made of one tree under random ignore files, recorded from BuildKit.
 * In `copy.json` lists are joined by ` | `, directories end in a slash, symlinks have ` -> target`; builds that failed are left out.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { contextTree } from '../../../core/context/context-tree.ts';
import { readIgnoreFile } from '../../../core/context/ignore.ts';
import { type MemoryFile, memoryTree } from '../../../core/context/memory-tree.ts';
import { selectCopy } from '../../../core/context/selection.ts';

interface Recorded {
  readonly builder: string;
  readonly tree: string;
  readonly cases: readonly {
    readonly ignore: string;
    readonly sources: string;
    readonly exclude: string;
    readonly lands: string;
  }[];
}

const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'copy.json'), 'utf8')) as Recorded; // the file beside this one

function split(text: string): string[] {
  return text === '' ? [] : text.split(' | ');
}

const tree = memoryTree(
  Object.fromEntries(
    split(recorded.tree).map((line): [string, string | MemoryFile] => {
      const [path = '', linkTarget] = line.split(' -> ');
      return [path, linkTarget === undefined ? '' : { linkTarget }];
    }),
  ),
);

describe(`COPY as ${recorded.builder} selects`, () => {
  for (const { ignore, sources, exclude, lands } of recorded.cases) {
    it(JSON.stringify({ ignore, sources, exclude }), async () => {
      const view = contextTree(tree, readIgnoreFile(ignore).value.matcher);
      const request = { sources: split(sources), destination: '/q/', exclude: split(exclude) };
      const { entries } = await selectCopy(view, request);
      const answers = entries.map(({ destination, entry }) => {
        const target = entry.linkTarget === undefined ? '' : ` -> ${entry.linkTarget}`;
        return `${destination}${entry.kind === 'dir' ? '/' : ''}${target}`;
      });
      assert.deepEqual(answers.sort(), split(lands).sort());
    });
  }
});
