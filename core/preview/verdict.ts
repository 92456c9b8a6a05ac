/** One vertex and what the lookup found -> state, certainty and reasons. */

import type { CacheRecord, VertexLookup } from '../build/cache-record.ts';
import type { ImageOp, Op, VertexId } from '../build/ops.ts';
import type { BuildOptions } from '../build/options.ts';
import { baseImage, type PreparedVertex } from '../build/requests.ts';
import type { Plan, Vertex } from '../build/types.ts';

import { explainMiss } from './explain.ts';
import type { PreviewReason, PreviewState, PreviewStep } from './report.ts';
import { volatileReason } from './volatile.ts';

export interface StepInputs {
  readonly plan: Plan;
  readonly prepared: ReadonlyMap<VertexId, PreparedVertex>;
  readonly lookups: ReadonlyMap<VertexId, VertexLookup>;
  readonly options: BuildOptions;
}

interface Verdict {
  readonly state: PreviewState;
  readonly reasons: readonly PreviewReason[];
}

/** The listed step of a vertex that is not implicit. */
export function stepOf(vertex: Vertex, inputs: StepInputs): PreviewStep {
  const lookup = inputs.lookups.get(vertex.id);
  const verdict = judge(vertex, lookup, inputs);
  const assumptions = verdict.state === 'CACHED' ? assumptionsBelow(vertex, inputs) : [];
  const state = assumptions.length > 0 ? 'CACHED?' : verdict.state;
  const record = timedRecord(vertex, lookup, inputs);
  const bytes = record?.bytes ?? pullBytes(vertex.op) ?? copiedBytes(inputs.prepared.get(vertex.id));
  return {
    stage: vertex.stageName,
    line: vertex.line,
    instruction: vertex.instruction,
    state,
    certain: state !== 'CACHED?' && state !== 'DEPENDS' && state !== 'UNKNOWN',
    reasons: [...verdict.reasons, ...assumptions],
    ...(record === undefined || state === 'FREE' ? {} : { seconds: record.seconds }),
    ...(bytes === undefined || state === 'FREE' ? {} : { bytes }),
    span: vertex.span,
  };
}

/** The record a step hits, or the one it is compared with: its time and size are the best guess. */
function timedRecord(
  vertex: Vertex,
  lookup: VertexLookup | undefined,
  inputs: StepInputs,
): CacheRecord | undefined {
  if (lookup === undefined || lookup.outcome === 'given' || lookup.outcome === 'twin') return undefined;
  const { op } = vertex;
  if (op.kind === 'metadata' || op.kind === 'stage') return undefined;
  if (lookup.outcome === 'hit') return lookup.record;
  if (lookup.outcome === 'unknown' && lacksImage(lookup.on, inputs)) return undefined;
  if (op.kind !== 'merge') return lookup.previous;
  const layer = inputs.lookups.get(op.layer);
  return layer?.outcome === 'hit' ? undefined : lookup.previous;
}

/** What they stand on is an image that is not here: they cannot run. */
function lacksImage(on: readonly VertexId[], inputs: StepInputs): boolean {
  return on.some((id) => {
    const step = fileStep(id, inputs);
    if (step?.op.kind === 'image') return step.op.image === undefined;
    const lookup = inputs.lookups.get(step?.id ?? id);
    return lookup?.outcome === 'unknown' && lacksImage(lookup.on, inputs);
  });
}

function judge(vertex: Vertex, lookup: VertexLookup | undefined, inputs: StepInputs): Verdict {
  const { op } = vertex;
  if (op.kind === 'metadata' || op.kind === 'stage' || op.kind === 'scratch') {
    return { state: 'FREE', reasons: [] };
  }
  if (op.kind === 'image') return judgeImage(vertex, op);
  if (lookup === undefined) {
    return { state: 'UNKNOWN', reasons: [{ kind: 'missing', text: 'the engine gave no answer' }] };
  }
  if (lookup.outcome === 'twin') return judgeTwin(lookup.of, inputs);
  if (op.kind === 'merge') return judgeMerge(vertex, op.layer, lookup, inputs);
  switch (lookup.outcome) {
    case 'given':
    case 'hit': {
      const hint = volatileReason(op);
      return { state: 'CACHED', reasons: hint === undefined ? [] : [hint] };
    }
    case 'miss':
      return judgeMiss(vertex, lookup, inputs);
    case 'depends':
      return { state: 'DEPENDS', reasons: dependsReasons(vertex, lookup.on, inputs) };
    case 'unknown':
      return { state: 'UNKNOWN', reasons: missingReasons(vertex, inputs) };
  }
}

/** The first of two equal steps makes the result, so the other is cached however the first turns out. */
function judgeTwin(of: VertexId, inputs: StepInputs): Verdict {
  const first = inputs.plan.vertices[of];
  const lookup = inputs.lookups.get(of);
  if (lookup?.outcome === 'unknown' || first === undefined) {
    return { state: 'UNKNOWN', reasons: first === undefined ? [] : missingReasons(first, inputs) };
  }
  if (lookup?.outcome === 'hit') return { state: 'CACHED', reasons: [] };
  return {
    state: 'CACHED',
    reasons: [{ kind: 'twin', text: `the same as line ${first.line}, which runs once` }],
  };
}

function judgeImage({ instruction }: Vertex, op: ImageOp): Verdict {
  if (op.image === undefined) {
    const text = `${absenceOf(op)}, so its config and layers are not known`;
    return { state: 'UNKNOWN', reasons: [{ kind: 'missing', text }] };
  }
  if (op.image.isLocal) {
    const isNamed = argsIn(instruction).length === 0;
    return {
      state: 'CACHED',
      reasons: isNamed ? [] : [{ kind: 'base', text: `the image is ${op.reference}` }],
    };
  }
  return { state: 'RUN', reasons: [{ kind: 'pull', text: `image ${op.reference} must be pulled` }] };
}

function judgeMiss(
  vertex: Vertex,
  lookup: Extract<VertexLookup, { outcome: 'miss' }>,
  inputs: StepInputs,
): Verdict {
  if (lookup.cause === 'forced') {
    const text = inputs.options.noCache
      ? 'the cache is off (no-cache)'
      : `the cache is off for stage ${vertex.stageName}`;
    return { state: 'ALWAYS', reasons: [{ kind: 'no-cache', text }] };
  }
  const { instruction } = vertex;
  const components = inputs.prepared.get(vertex.id)?.components ?? [];
  const missed = { instruction, components, previous: lookup.previous };
  if (lookup.cause === 'root') {
    const line = causeOf(vertex, inputs).line;
    const after: PreviewReason = { kind: 'after', text: runsText(causeOf(vertex, inputs), inputs) };
    const own = explainMiss(missed, 'own');
    return { state: `RUN (after line ${line})`, reasons: [after, ...own] };
  }
  const implicit = missingDownload(vertex, inputs);
  if (implicit !== undefined) return { state: 'ALWAYS', reasons: [implicit] };
  const own = explainMiss(missed, 'all');
  const reasons = own.length > 0 ? own : [inputsReason(vertex, lookup.previous, inputs)];
  return { state: 'RUN', reasons: reasons.map((reason) => withArgs(reason, vertex, inputs)) };
}

/** The step itself is as it was: what it stands on is not, or what it takes from elsewhere. */
function inputsReason(vertex: Vertex, previous: CacheRecord | undefined, inputs: StepInputs): PreviewReason {
  const root = vertex.root === undefined ? undefined : lookupOf(vertex.root, inputs);
  const rootKey = root !== undefined && 'key' in root ? root.key : undefined;
  if (rootKey !== previous?.rootKey) {
    return { kind: 'base', text: 'the steps above it are not those it was built on' };
  }
  const sources = inputs.prepared.get(vertex.id)?.request.sources ?? [];
  const names = new Set(sources.map((source) => sourceName(source.vertex, inputs)));
  return names.size === 0
    ? { kind: 'base', text: 'its result was removed from the cache' }
    : { kind: 'base', text: `${[...names].join(' or ')} gives other files than last time` };
}

function sourceName(id: VertexId, { plan }: StepInputs): string {
  const source = plan.vertices[id];
  if (source?.op.kind === 'image') return `image ${source.op.reference}`;
  return source === undefined ? 'its source' : (remoteAddress(source.op) ?? `stage ${source.stageName}`);
}

/** A linked copy: reused and laid over a new root, or copied anew. */
function judgeMerge(vertex: Vertex, layer: VertexId, lookup: VertexLookup, inputs: StepInputs): Verdict {
  if (lookup.outcome === 'hit') return { state: 'CACHED', reasons: [] };
  const copy = inputs.lookups.get(layer);
  const copyVertex = inputs.plan.vertices[layer];
  if (copy === undefined || copyVertex === undefined) return { state: 'UNKNOWN', reasons: [] };
  if (lookup.outcome === 'depends') {
    // The copy stands on the same line: what it depends on is what a reader wants to know.
    const isOfCopy = copy.outcome === 'depends' && lookup.on.includes(layer);
    const reasons = isOfCopy
      ? dependsReasons(copyVertex, copy.on, inputs)
      : dependsReasons(vertex, lookup.on, inputs);
    return { state: 'DEPENDS', reasons };
  }
  if (lookup.outcome === 'unknown') return { state: 'UNKNOWN', reasons: missingReasons(vertex, inputs) };
  if (copy.outcome === 'hit' || copy.outcome === 'twin') {
    const reasons: readonly PreviewReason[] =
      lookup.outcome === 'miss' && lookup.cause === 'root'
        ? [
            {
              kind: 'after',
              text: `${runsText(causeOf(vertex, inputs), inputs)}; the copied files are reused`,
            },
          ]
        : [{ kind: 'base', text: 'what it lands on is new; the copied files are reused' }];
    return { state: 'RELINK', reasons };
  }
  return judge(copyVertex, copy, inputs);
}

/** Of a twin, what was found of the first. */
function lookupOf(id: VertexId, inputs: StepInputs): VertexLookup | undefined {
  const lookup = inputs.lookups.get(id);
  return lookup?.outcome === 'twin' ? inputs.lookups.get(lookup.of) : lookup;
}

/** Another image because of an argument: the argument is what changed. */
function withArgs(reason: PreviewReason, vertex: Vertex, { plan }: StepInputs): PreviewReason {
  const [arg] = argsIn(baseImage(plan.vertices, vertex)?.instruction ?? '');
  if (arg === undefined || !reason.text.startsWith('base image ')) return reason;
  return { ...reason, text: `${reason.text} (ARG ${arg})`, arg };
}

function argsIn(instruction: string): readonly string[] {
  return [...instruction.matchAll(/\$\{?([A-Za-z_]\w*)/g)].flatMap(([, name]) => name ?? []);
}

function runsText({ id, line }: Vertex, inputs: StepInputs): string {
  const lookup = lookupOf(id, inputs);
  const isFirst = lookup?.outcome === 'miss' && lookup.cause === 'absent' && lookup.previous === undefined;
  return isFirst ? `line ${line} has not been built here` : `line ${line} runs again`;
}

/** The nearest step below that re-runs by itself. */
function causeOf(vertex: Vertex, inputs: StepInputs): Vertex {
  let at: Vertex | undefined = vertex;
  let cause = vertex;
  while (at?.root !== undefined) {
    at = inputs.plan.vertices[at.root];
    const lookup = at === undefined ? undefined : lookupOf(at.id, inputs);
    if (at === undefined || lookup?.outcome !== 'miss') break;
    if (at.op.kind === 'metadata' || at.op.kind === 'stage') continue;
    cause = at;
    if (lookup.cause !== 'root') break;
  }
  return cause;
}

function dependsReasons(
  vertex: Vertex,
  on: readonly VertexId[],
  inputs: StepInputs,
): readonly PreviewReason[] {
  return on.map((id) => (id === vertex.root ? followsReason(id, inputs) : dependsReason(id, inputs)));
}

/** A step of the same filesystem is open: this one turns out as that one does. */
function followsReason(id: VertexId, inputs: StepInputs): PreviewReason {
  const { line } = fileStep(id, inputs) ?? { line: 0 };
  if (lookupOf(id, inputs)?.outcome !== 'miss') {
    return { kind: 'depends', text: `a hit if line ${line} is one`, line };
  }
  // It runs, and times are normalised: otherwise this one would run as well.
  return { kind: 'depends', text: `a hit if line ${line} makes the same files again` };
}

/** Metadata and names of stages make no files: what they stand on does. */
function fileStep(id: VertexId, { plan }: StepInputs): Vertex | undefined {
  let at = plan.vertices[id];
  while (at !== undefined && (at.op.kind === 'metadata' || at.op.kind === 'stage')) {
    at = at.root === undefined ? undefined : plan.vertices[at.root];
  }
  return at;
}

function dependsReason(id: VertexId, inputs: StepInputs): PreviewReason {
  const source = inputs.plan.vertices[id];
  const fetched = source === undefined ? undefined : fetchedFrom(source.op);
  if (fetched !== undefined)
    return {
      kind: 'depends',
      text: `what ${fetched} gives is not known until the build asks: a hit if it is the files of an earlier build`,
    };
  const stage = source?.stageName ?? '';
  const text = `a hit if stage ${stage} yields the same files when it runs again`;
  return { kind: 'depends', text, stage };
}

function missingReasons(vertex: Vertex, inputs: StepInputs): readonly PreviewReason[] {
  const prepared = inputs.prepared.get(vertex.id);
  if (prepared?.missingContext !== undefined) {
    const text = `build context ${JSON.stringify(prepared.missingContext)} is not given`;
    return [{ kind: 'missing', text }];
  }
  const lookup = inputs.lookups.get(vertex.id);
  const on = lookup?.outcome === 'unknown' ? lookup.on : [];
  const sources = on.flatMap((id) => inputs.plan.vertices[id] ?? []);
  if (sources.length === 0) return [{ kind: 'missing', text: 'its sources are not known before the build' }];
  return sources.map((source) => ({ kind: 'missing', text: missingSource(source, vertex, inputs) }));
}

/** The image of a `--from` stands on the same line as what reads it. */
function missingSource({ id, op, line }: Vertex, reader: Vertex, inputs: StepInputs): string {
  if (op.kind === 'image' && line === reader.line) {
    return `${absenceOf(op)}, so its files are not known`;
  }
  return `what line ${fileStep(id, inputs)?.line ?? line} gives is not known`;
}

function absenceOf({ fault, reference }: ImageOp): string {
  return fault ?? `image ${reference} is not on the engine`;
}

/** A URL or repository that was never fetched: only the build can ask. */
function missingDownload(vertex: Vertex, inputs: StepInputs): PreviewReason | undefined {
  for (const { vertex: id } of inputs.prepared.get(vertex.id)?.request.sources ?? []) {
    const source = inputs.plan.vertices[id];
    const lookup = inputs.lookups.get(id);
    if (source === undefined || lookup?.outcome !== 'miss') continue;
    const address = remoteAddress(source.op);
    if (address !== undefined) return { kind: 'assumption', text: `${address} must be asked` };
  }
  return undefined;
}

/** What a hit takes for granted: downloads that only the build asks again. Inherited from everything below. */
export function assumptionsBelow(vertex: Vertex, inputs: StepInputs): readonly PreviewReason[] {
  const seen = new Set<VertexId>();
  const found = new Map<string, PreviewReason>();
  const open: VertexId[] = [vertex.id];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const at = inputs.plan.vertices[id];
    if (at === undefined || seen.has(id)) continue;
    seen.add(id);
    const address = remoteAddress(at.op);
    if (address !== undefined && !isPinned(at.op)) {
      found.set(address, { kind: 'assumption', text: `if ${address} still gives what it gave last` });
    }
    if (at.root !== undefined) open.push(at.root);
    for (const source of inputs.prepared.get(id)?.request.sources ?? []) open.push(source.vertex);
  }
  return [...found.values()];
}

function remoteAddress(op: Op): string | undefined {
  if (op.kind === 'http') return op.url;
  return op.kind === 'git' ? op.remote : undefined;
}

/** As it was asked for. */
function fetchedFrom(op: Op): string | undefined {
  const ref = op.kind === 'git' && op.ref !== '' ? `#${op.ref}` : '';
  const address = remoteAddress(op);
  return address === undefined ? undefined : address + ref;
}

/** Its content is known whatever the server says now. */
function isPinned(op: Op): boolean {
  if (op.kind === 'git') return op.commit !== undefined || op.checksum !== undefined;
  return op.kind === 'http' && op.checksum !== undefined;
}

function pullBytes(op: Op): number | undefined {
  return op.kind === 'image' && op.image !== undefined && !op.image.isLocal ? op.image.pullBytes : undefined;
}

function copiedBytes(prepared: PreparedVertex | undefined): number | undefined {
  const landed = prepared?.files.get(-1);
  if (landed === undefined) return undefined;
  return landed.files.reduce((sum, file) => sum + (file.kind === 'file' ? file.sizeBytes : 0), 0);
}
