/** Base images that are removed while a build stands on them. */

import assert from 'node:assert/strict';

import { memoryTree } from '../../../core/context/memory-tree.ts';
import type { FileTree } from '../../../core/context/file-tree.ts';
import { defaultBuildOptions } from '../../../core/build/options.ts';
import { build } from '../../../runtime/build/builder.ts';
import { requireRoot } from '../../support/skip.ts';
import { makeRig, PLATFORM, type Rig, textIn } from './rig.ts';

describe('a base image that is removed during the build', function () {
  this.timeout(60_000);
  let rig: Rig;

  before(async function () {
    requireRoot(this);
    rig = await makeRig();
  });
  after(() => rig?.close());

  /** Builds, and removes the base when the context is read for the first time: after the plan was made, before anything ran. */
  async function buildAndRemove(base: string, text: string): Promise<FileTree> {
    let removed: Promise<unknown> | undefined;
    const files = memoryTree({ f: 'f\n' });
    const image = await build(rig.parts, {
      id: 'build',
      dockerfile: { path: 'Dockerfile', text },
      project: 'p',
      options: { ...defaultBuildOptions(PLATFORM), network: 'none' },
      contexts: () => ({
        ...files,
        stat: async (path) => {
          removed ??= rig.parts.images.remove(base, { force: true, prune: true });
          await removed;
          return files.stat(path);
        },
      }),
      tags: [],
      secrets: new Map(),
      agents: new Map(),
      pulls: false,
      onNews: () => undefined,
      signal: new AbortController().signal,
    });
    assert.ok(removed);
    assert.equal(await rig.parts.images.find(base), undefined);
    return rig.snapshots.tree(image.snapshots.at(-1) ?? '');
  }

  it('is built on all the same', async () => {
    const tree = await buildAndRemove('busybox', 'FROM busybox\nCOPY f /f\nRUN cat /f > /g\n');
    assert.equal(await textIn(tree, 'g'), 'f\n');
    const [made] = await rig.parts.images.list();
    assert.ok(made);
    assert.equal(made.snapshots[0], 'busybox');
  });
});
