/** Steps that run after one edit, compared with what BuildKit 28.5.2 was measured to do; and the preview says the same before the build. */

import assert from 'node:assert/strict';

import { contextTree } from '../../core/context/context-tree.ts';
import { readIgnoreFile } from '../../core/context/ignore.ts';
import type { FileTree } from '../../core/context/file-tree.ts';
import { memoryTree } from '../../core/context/memory-tree.ts';
import { readDockerfile } from '../../core/dockerfile/read.ts';
import { lookupPlan } from '../../core/build/lookup.ts';
import { type BuildOptions, defaultBuildOptions } from '../../core/build/options.ts';
import { preview } from '../../core/preview/preview.ts';
import { baseImages } from '../unit/build/base-images.ts';
import { buildInMemory, MemoryCache, type MemoryImage } from '../unit/build/memory-builder.ts';
import { EDITS, type OracleEdit } from './edits.ts';
import { CONTEXT, DOCKERFILE, type Files } from './fixture.ts';

const PLATFORM = { os: 'linux', architecture: 'amd64' };

describe('oracle', () => {
  for (const edit of EDITS) {
    const note = edit.otherwise === undefined ? '' : ` (${edit.otherwise})`;
    it(`${edit.name}: ${edit.runs.length === 0 ? 'nothing runs' : edit.runs.join(', ')}${note}`, () =>
      check(edit));
  }
});

async function check(edit: OracleEdit): Promise<void> {
  const cache = new MemoryCache();
  const first = { dockerfile: DOCKERFILE, context: contextOf(CONTEXT), images: baseImages() };
  await buildInMemory({ ...first, options: defaultBuildOptions(PLATFORM) }, cache);
  const dockerfile = edit.dockerfile ?? DOCKERFILE;
  const request = {
    dockerfile,
    context: contextOf(edit.context ?? CONTEXT),
    images: imagesOf(edit),
    options: optionsOf(edit),
  };
  const { value: report } = await preview({
    dockerfile: readDockerfile(dockerfile).value,
    file: 'Dockerfile',
    project: 'p',
    options: request.options,
    contexts: (name) => (name === '' ? request.context : undefined),
    resolver: {
      resolveImage: async (reference) => request.images.get(reference)?.resolved,
      lookup: (requests) => lookupPlan(requests, cache),
    },
  });
  const { steps } = await buildInMemory(request, cache);
  const names = stepNames(dockerfile);
  const ran = steps
    .filter((step) => step.state === 'RUN')
    .map((step) => names.get(step.line) ?? step.instruction);
  assert.deepEqual(new Set(ran), new Set(edit.runs));
  for (const step of report?.steps ?? []) {
    if (!step.certain || step.state === 'FREE' || step.state === 'SKIPPED') continue;
    const name = names.get(step.line);
    if (name === undefined) continue;
    assert.equal(step.state !== 'CACHED', edit.runs.includes(name), `${name}: said ${step.state}`);
  }
}

/** 1-based line of a step -> the name in the comment above it. */
function stepNames(dockerfile: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  let name: string | undefined;
  dockerfile.split('\n').forEach((line, at) => {
    const comment = /^\s*# (\w+\.\w+)/.exec(line)?.[1];
    if (comment !== undefined) name = comment;
    else if (name !== undefined && line.trim() !== '') {
      if (/^\s*(?:RUN|COPY|ADD|WORKDIR)/i.test(line)) names.set(at + 1, name);
      name = undefined;
    }
  });
  return names;
}

function imagesOf(edit: OracleEdit): ReadonlyMap<string, MemoryImage> {
  const images = baseImages();
  const image = images.get(edit.base ?? 'base');
  return image === undefined ? images : new Map([...images, ['base', image]]);
}

function optionsOf(edit: OracleEdit): BuildOptions {
  return {
    ...defaultBuildOptions(PLATFORM),
    buildArgs: new Map(Object.entries(edit.buildArgs ?? {})),
    ...(edit.target === undefined ? {} : { target: edit.target }),
    ...(edit.network === undefined ? {} : { network: edit.network }),
    ...(edit.shmSizeBytes === undefined ? {} : { shmSizeBytes: edit.shmSizeBytes }),
    ulimits: edit.ulimit === true ? [{ name: 'nofile', soft: 100, hard: 100 }] : [],
    extraHosts: edit.extraHost === undefined ? [] : [{ name: edit.extraHost, address: '10.0.0.1' }],
    noCache: edit.noCache === true,
    noCacheFilter: edit.noCacheFilter === undefined ? [] : [edit.noCacheFilter],
    ...(edit.epoch === undefined ? {} : { sourceDateEpoch: edit.epoch }),
  };
}

function contextOf(files: Files): FileTree {
  const ignore = files['.dockerignore'];
  const text = typeof ignore === 'string' ? ignore : '';
  return contextTree(memoryTree(files), readIgnoreFile(text).value.matcher);
}
