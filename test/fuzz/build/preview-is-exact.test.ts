import assert from 'node:assert/strict';

import fc from 'fast-check';

import { contextTree } from '../../../core/context/context-tree.ts';
import type { FileTree } from '../../../core/context/file-tree.ts';
import { readIgnoreFile } from '../../../core/context/ignore.ts';
import { memoryTree } from '../../../core/context/memory-tree.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { lookupPlan } from '../../../core/build/lookup.ts';
import { type BuildOptions, defaultBuildOptions } from '../../../core/build/options.ts';
import { shortState } from '../../../core/preview/estimate.ts';
import { preview } from '../../../core/preview/preview.ts';
import type { PreviewStep } from '../../../core/preview/report.ts';
import { baseImages } from '../../unit/build/base-images.ts';
import { buildInMemory, type BuiltStep, listing, MemoryCache } from '../../unit/build/memory-builder.ts';
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
  const images = baseImages();
  const { value: report } = await preview({
    dockerfile: readDockerfile(dockerfile).value,
    file: 'Dockerfile',
    project: 'p',
    options,
    contexts: (name) => (name === '' ? contextOf(project) : undefined),
    resolver: {
      resolveImage: async (reference) => images.get(reference)?.resolved,
      lookup: (requests) => lookupPlan(requests, cache),
    },
  });
  const request = { dockerfile, images, options };
  const cached = await buildInMemory({ ...request, context: contextOf(project) }, cache);
  const clean = await buildInMemory({ ...request, context: contextOf(project) }, new MemoryCache());
  assert.deepEqual(listing(cached.files), listing(clean.files), dockerfile);
  const previewed = (report?.steps ?? []).filter((step) => step.state !== 'SKIPPED');
  assert.equal(previewed.length, cached.steps.length);
  previewed.forEach((step, at) => checkStep(step, cached.steps[at], dockerfile));
}

/** What a certain state promises; DEPENDS may turn out either way, except below a root that depends. */
function checkStep(said: PreviewStep, did: BuiltStep | undefined, dockerfile: string): void {
  const allowed: Readonly<Record<string, readonly string[]>> = {
    CACHED: ['CACHED'],
    RUN: ['RUN'],
    ALWAYS: ['RUN'],
    RELINK: ['RELINK'],
    FREE: ['FREE'],
    DEPENDS: ['CACHED', 'RUN', 'RELINK'],
  };
  const expected = allowed[shortState(said.state)] ?? [];
  const where = `${said.line} ${said.instruction}: said ${said.state}, did ${did?.state}\n${dockerfile}`;
  assert.ok(did !== undefined && expected.includes(did.state) && did.line === said.line, where);
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
