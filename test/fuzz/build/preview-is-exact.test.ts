import fc from 'fast-check';

import { contextTree } from '../../../core/context/context-tree.ts';
import type { FileTree } from '../../../core/context/file-tree.ts';
import { readIgnoreFile } from '../../../core/context/ignore.ts';
import { memoryTree } from '../../../core/context/memory-tree.ts';
import { type BuildOptions, defaultBuildOptions } from '../../../core/build/options.ts';
import { baseImages } from '../../unit/build/base-images.ts';
import { checkedBuild } from '../../unit/build/checked-build.ts';
import { MemoryCache } from '../../unit/build/memory-builder.ts';
import {
  applyEdit,
  dockerfileText,
  edit,
  options as someOptions,
  project as someProject,
  type RandomOptions,
  type RandomProject,
} from './random-project.ts';

/** How many random histories are tried; a long run sets it to 100000. */
const nRuns = Number(process.env['NARU_FUZZ_RUNS'] ?? '2000');

const AMD64 = { os: 'linux', architecture: 'amd64' };

describe(`builds of ${nRuns} random projects`, function () {
  this.timeout(nRuns * 50 + 10_000);

  it('a cached build equals a clean one, and the preview said what it would do', async () => {
    await fc.assert(
      fc.asyncProperty(someProject, someOptions, fc.array(edit, { maxLength: 4 }), checkHistory),
      { numRuns: nRuns },
    );
  });
});

async function checkHistory(
  first: RandomProject,
  options: RandomOptions,
  edits: readonly Parameters<typeof applyEdit>[1][],
): Promise<void> {
  const cache = new MemoryCache();
  let project = first;
  let chosen = options;
  await checkBuild(project, chosen, cache);
  for (const change of edits) {
    project = applyEdit(project, change);
    if (change.kind === 'options') chosen = change.options;
    await checkBuild(project, chosen, cache);
  }
}

async function checkBuild(project: RandomProject, chosen: RandomOptions, cache: MemoryCache): Promise<void> {
  const dockerfile = dockerfileText(project, chosen.base);
  const options = buildOptions(project, chosen);
  await checkedBuild({ dockerfile, context: contextOf(project), images: baseImages(), options }, cache);
}

function buildOptions(project: RandomProject, chosen: RandomOptions): BuildOptions {
  const { target, version, host, epoch, noCache, noCacheFilter } = chosen;
  return {
    ...defaultBuildOptions(AMD64),
    ...(target === undefined || target >= project.stages.length ? {} : { target: `s${target}` }),
    buildArgs: new Map(version === undefined ? [] : [['VERSION', version]]),
    noCache,
    noCacheFilter: noCacheFilter === undefined ? [] : [`s${noCacheFilter}`],
    extraHosts: host === undefined ? [] : [{ name: host, address: '10.0.0.1' }],
    ...(epoch === undefined ? {} : { sourceDateEpoch: epoch }),
  };
}

function contextOf(project: RandomProject): FileTree {
  return contextTree(memoryTree(project.files), readIgnoreFile(project.ignore).value.matcher);
}
