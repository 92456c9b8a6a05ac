/** What a build would cost: seconds along the critical path of what runs, and the context it reads. */

import type { VertexId } from '../build/ops.ts';
import type { Plan, Vertex } from '../build/types.ts';

import type { PreviewState, PreviewStep, PreviewSummary } from './report.ts';
import type { StepInputs } from './verdict.ts';

/** `steps` are those of the listed vertices; skipped ones cost nothing and are not counted here. */
export function summarize(inputs: StepInputs, steps: readonly PreviewStep[]): PreviewSummary {
  const counts: Record<string, number> = {};
  for (const step of steps) {
    const name = shortState(step.state);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  const nSkipped = inputs.plan.skipped.length;
  if (nSkipped > 0) counts['SKIPPED'] = nSkipped;
  const isBuildable = missingImagesOf(inputs.plan).length === 0;
  const runs = steps.filter((step) => costs(step.state) !== 'nothing');
  const nUntimed = runs.filter((step) => step.seconds === undefined).length;
  const context = contextSize(inputs);
  const times = {
    seconds: criticalPath(inputs, steps, 'best'),
    worstSeconds: criticalPath(inputs, steps, 'worst'),
  };
  return {
    counts,
    isAllCached: steps.every((step) => costs(step.state) === 'nothing'),
    ...(isBuildable && (nUntimed < runs.length || runs.length === 0) ? times : {}),
    nUntimed,
    ...context,
  };
}

/** What the build would end with before its first step: images that the engine does not have, each once. */
export function missingImagesOf({ vertices }: Plan): readonly string[] {
  const missing = vertices.flatMap(({ op }) =>
    op.kind === 'image' && op.image === undefined ? [op.reference] : [],
  );
  return [...new Set(missing)];
}

/** The state without its line: `RUN (after line 3)` is `RUN`. */
export function shortState(state: PreviewState): string {
  return state.startsWith('RUN') ? 'RUN' : state;
}

function costs(state: PreviewState): 'nothing' | 'certain' | 'possible' {
  switch (shortState(state)) {
    case 'RUN':
    case 'ALWAYS':
      return 'certain';
    case 'DEPENDS':
    case 'UNKNOWN':
      return 'possible';
    default:
      return 'nothing';
  }
}

/** Stages run beside each other: a vertex starts when its root and its sources are done. */
function criticalPath(inputs: StepInputs, steps: readonly PreviewStep[], which: 'best' | 'worst'): number {
  const seconds = new Map<string, number>();
  for (const step of steps) {
    const cost = costs(step.state);
    const counts = cost === 'certain' || (cost === 'possible' && which === 'worst');
    if (counts) seconds.set(stepKey(step.stage, step.line, step.instruction), step.seconds ?? 0);
  }
  const ends = new Map<VertexId, number>();
  for (const vertex of inputs.plan.vertices) {
    const before = inputsOf(vertex, inputs).map((id) => ends.get(id) ?? 0);
    const own = seconds.get(stepKey(vertex.stageName, vertex.line, vertex.instruction)) ?? 0;
    ends.set(vertex.id, Math.max(0, ...before) + (vertex.isImplicit ? 0 : own));
  }
  return ends.get(inputs.plan.target.last) ?? 0;
}

function stepKey(stage: string, line: number, instruction: string): string {
  return JSON.stringify([stage, line, instruction]);
}

function inputsOf(vertex: Vertex, inputs: StepInputs): readonly VertexId[] {
  const sources = inputs.prepared.get(vertex.id)?.request.sources ?? [];
  const root = vertex.root === undefined ? [] : [vertex.root];
  return [...root, ...sources.map((source) => source.vertex)];
}

/** Every context file once, however many steps read it. */
function contextSize(inputs: StepInputs): { contextFiles: number; contextBytes: number } {
  const sizes = new Map<string, number>();
  for (const vertex of inputs.plan.vertices) {
    for (const landed of inputs.prepared.get(vertex.id)?.files.values() ?? []) {
      for (const file of landed.files) if (file.kind === 'file') sizes.set(file.source, file.sizeBytes);
    }
  }
  let contextBytes = 0;
  for (const size of sizes.values()) contextBytes += size;
  return { contextFiles: sizes.size, contextBytes };
}
