/**
 * A build in memory of which three things are checked whatever it builds:
 * it equals a build without a cache, the preview foretold every step, and asking the preview changed nothing.
 */

import assert from 'node:assert/strict';

import type { FileTree } from '../../../core/context/file-tree.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';
import type { VertexLookup, VertexRequest } from '../../../core/build/cache-record.ts';
import { lookupPlan } from '../../../core/build/lookup.ts';
import { shortState } from '../../../core/preview/estimate.ts';
import { preview } from '../../../core/preview/preview.ts';
import type { PreviewReport, PreviewStep } from '../../../core/preview/report.ts';
import { type BuildRequest, buildInMemory, type BuiltStep, listing, MemoryCache } from './memory-builder.ts';

export interface CheckedBuild {
  readonly steps: readonly BuiltStep[];
  readonly report: PreviewReport;
}

/** Builds into `cache`. */
export async function checkedBuild(request: BuildRequest, cache: MemoryCache): Promise<CheckedBuild> {
  const report = await previewInMemory(request, cache);
  const cached = await buildInMemory(request, cache);
  const clean = await buildInMemory(request, new MemoryCache());
  assert.deepEqual(listing(cached.files), listing(clean.files), request.dockerfile);
  const previewed = report.steps.filter((step) => step.state !== 'SKIPPED');
  assert.equal(previewed.length, cached.steps.length);
  previewed.forEach((step, at) => checkStep(step, cached.steps[at], request.dockerfile));
  return { steps: cached.steps, report };
}

export async function previewInMemory(request: BuildRequest, cache: MemoryCache): Promise<PreviewReport> {
  const { dockerfile, context, images, options } = request;
  const { value, problems } = await preview({
    dockerfile: readDockerfile(dockerfile).value,
    file: 'Dockerfile',
    project: 'p',
    options,
    contexts: (name): FileTree | undefined => (name === '' ? context : undefined),
    resolver: {
      resolveImage: async (reference) => images.get(reference)?.resolved,
      lookup: async (requests) => {
        const answers = await lookupPlan(requests, cache);
        requests.forEach((asked, at) => checkOpen(asked, answers[at], cache, dockerfile));
        return answers;
      },
    },
  });
  assert.ok(value, problems.map(({ message }) => message).join());
  return value;
}

/** DEPENDS is said of nothing that runs for certain: of a step that was never built as it is now. Where times are normalised, another step may have made the same, and so may what a merge stands on, which has no time itself. */
function checkOpen(
  { kind, local, localExact, allowsCutOff, origin, context, root }: VertexRequest,
  answer: VertexLookup | undefined,
  cache: MemoryCache,
  dockerfile: string,
): void {
  if (answer?.outcome !== 'depends' || kind === 'stage' || kind === 'metadata') return;
  if (kind === 'merge' && root !== undefined && answer.on.includes(root)) return;
  if (allowsCutOff || context !== undefined || local === undefined) return;
  const wasBuilt = [local, localExact].some((digest) => digest !== undefined && cache.hasLocal(digest));
  assert.ok(wasBuilt, `${origin.line} ${origin.instruction}: runs for certain\n${dockerfile}`);
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
