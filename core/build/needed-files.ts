/**
 * Steps of which a cache knows the keys alone (`CacheRecord.isKeyOnly`): what depends on them is found as ever, and they run after all when somebody needs their files.
 * A build sees that when the files are asked for; here it is said beforehand, for a preview.
 */

import type { VertexLookup, VertexRequest } from './cache-record.ts';
import type { VertexId } from './ops.ts';

type OpenLookup = Exclude<VertexLookup, { readonly outcome: 'given' | 'hit' | 'twin' }>;

const RUNS: OpenLookup = { outcome: 'miss', cause: 'absent' };

/** Whether files of the vertex exist nowhere, though its key is known. */
export function isKeyOnly(lookup: VertexLookup | undefined): boolean {
  if (lookup?.outcome === 'hit') return lookup.record.isKeyOnly === true;
  return lookup?.outcome === 'given' && lookup.isKeyOnly === true;
}

/**
 * The answers of a whole plan, with what becomes of hits by key alone whose files are needed: by a step that runs or may run, or by the image, which is what nothing else uses.
 * `answers` has one entry per request, inputs first.
 */
export function withNeededFiles(
  requests: readonly VertexRequest[],
  answers: readonly VertexLookup[],
): readonly VertexLookup[] {
  const needs = new Map<VertexId, OpenLookup>();
  const used = new Set<VertexId>();
  const told = [...answers];
  function need(id: VertexId, as: OpenLookup): void {
    if (needs.get(id)?.outcome !== 'miss') needs.set(id, as);
  }
  // What uses a vertex comes after it.
  for (const [at, request] of [...requests.entries()].reverse()) {
    const answer = answers[at];
    if (answer === undefined) continue;
    const inputs = inputsOf(request, answer);
    const needed = needs.get(request.id) ?? (used.has(request.id) ? undefined : RUNS);
    // Also by a step that has an earlier one stand for it.
    for (const id of [...inputs, ...ownInputs(request)]) used.add(id);
    if (answer.outcome === 'twin' || answer.outcome === 'given') {
      if (needed !== undefined) for (const id of inputs) need(id, needed);
    } else if (answer.outcome !== 'hit') {
      for (const id of inputs) need(id, inputNeed(id, answer));
    } else if (needed !== undefined && isKeyOnly(answer)) {
      told[at] = needed;
      for (const id of inputs) need(id, needed);
    }
  }
  return told;
}

function inputsOf(request: VertexRequest, answer: VertexLookup): readonly VertexId[] {
  return answer.outcome === 'twin' ? [answer.of] : ownInputs(request);
}

function ownInputs({ root, sources }: VertexRequest): readonly VertexId[] {
  const ids = sources.map((source) => source.vertex);
  return root === undefined ? ids : [root, ...ids];
}

/** Files that a verdict depends on are looked at before there is one. */
function inputNeed(id: VertexId, answer: OpenLookup): OpenLookup {
  if (answer.outcome === 'miss' || (answer.outcome === 'depends' && answer.on.includes(id))) return RUNS;
  return { outcome: answer.outcome, on: answer.on };
}
