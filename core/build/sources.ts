/** What a name behind `FROM`, `--from=` or `from=` stands for: a named context, a stage, or an image. */

import { suggestion } from '../dockerfile/suggestion.ts';
import type { Instruction } from '../dockerfile/types.ts';
import { isErrorKind } from '../errors.ts';
import type { Platform } from '../oci/platform.ts';
import { parseReference } from '../oci/reference.ts';
import type { Span } from '../source.ts';

import type { ImageOp, SourceRef } from './ops.ts';
import { addStep, report, type StageState } from './stage-state.ts';
import type { Planner } from './planner.ts';

export type Source =
  | { readonly kind: 'stage'; readonly index: number }
  | { readonly kind: 'image'; readonly reference: string }
  /** A directory the caller supplies. */
  | { readonly kind: 'context'; readonly name: string }
  | { readonly kind: 'scratch' };

/**
 * Names win over numbers, named contexts over stages, as in BuildKit.
 * `before` limits stages to those above an index (FROM); numbers are then stage names only.
 */
export function findSource(planner: Planner, name: string, before?: number): Source {
  const context = planner.options.buildContexts.get(name);
  if (context !== undefined) {
    const image = /^docker-image:\/\/(.+)$/.exec(context)?.[1];
    return image === undefined ? { kind: 'context', name } : { kind: 'image', reference: image };
  }
  const limit = before ?? planner.dockerfile.stages.length;
  // Docker: FROM finds a stage by its name in lower case alone.
  const wanted = before === undefined ? name.toLowerCase() : name;
  const stage = planner.dockerfile.stages.findLast(
    (candidate) => candidate.index < limit && candidate.name?.toLowerCase() === wanted,
  );
  if (stage !== undefined) return { kind: 'stage', index: stage.index };
  if (before === undefined && /^\d+$/.test(name)) return { kind: 'stage', index: Number(name) };
  return wanted === 'scratch' ? { kind: 'scratch' } : { kind: 'image', reference: name };
}

/** The source of a COPY or a mount as a vertex or context; undefined with a problem reported. */
export async function sourceFor(
  state: StageState,
  instruction: Instruction,
  name: string,
  { span, takesNumbers }: { readonly span: Span; readonly takesNumbers: boolean },
): Promise<SourceRef | undefined> {
  const found = findSource(state.planner, name);
  const isNumber = found.kind === 'stage' && /^\d+$/.test(name);
  const source: Source = isNumber && !takesNumbers ? { kind: 'image', reference: name } : found;
  switch (source.kind) {
    case 'context':
      return { kind: 'context', name: source.name };
    case 'scratch':
      return { kind: 'vertex', vertex: hiddenStep(state, instruction, { kind: 'scratch' }) };
    case 'image': {
      const op = await imageOp(state.planner, source.reference, state.platform, span);
      return { kind: 'vertex', vertex: hiddenStep(state, instruction, op) };
    }
    case 'stage':
      return stageSource(state, source.index, name, span);
  }
}

/** Asks the resolver; an unknown image is an op without `image`. What is wrong with the name is reported at `span`. */
export async function imageOp(
  planner: Planner,
  reference: string,
  platform: Platform,
  span: Span,
): Promise<ImageOp> {
  const op: ImageOp = { kind: 'image', reference, platform };
  try {
    if (reference === '') return op;
    parseReference(withLibrary(reference));
    const image = await planner.resolveImage(reference, platform);
    return image === undefined ? op : { ...op, image };
  } catch (error) {
    if (!isErrorKind(error, 'not-found') && !isErrorKind(error, 'invalid-argument')) throw error;
    const { code } = error;
    const hint = stageHint(planner, reference, span) ?? error.hint;
    const isName = code === 'E_REFERENCE';
    const message = isName
      ? `failed to parse stage name ${JSON.stringify(reference)}: ${error.message}`
      : error.message;
    planner.problems.push({
      code,
      severity: 'error',
      message,
      span,
      ...(hint === undefined ? {} : { hint }),
    });
    return op;
  }
}

/** A stage above that the name may have meant. */
function stageHint({ dockerfile }: Planner, reference: string, span: Span): string | undefined {
  const above = dockerfile.stages.filter((stage) => stage.from.span.end < span.start);
  const names = above.flatMap(({ name }) => name ?? []);
  const meant = suggestion(reference, names, 'case-insensitive');
  return meant === undefined ? undefined : `did you mean stage ${meant}?`;
}

/** Docker completes a name before it looks at its letters, and says so in the message. */
function withLibrary(reference: string): string {
  return reference.includes('/') ? reference : `library/${reference}`;
}

const SELF_HINT = 'a stage cannot copy from itself or from one that needs it';

async function stageSource(
  state: StageState,
  index: number,
  name: string,
  span: Span,
): Promise<SourceRef | undefined> {
  const { planner, stage } = state;
  const isNumber = /^\d+$/.test(name);
  if (index === stage.index && isNumber) {
    const self = stage.name ?? `stage-${index}`;
    report(state, 'E_STAGE_CYCLE', `circular dependency detected on stage: ${self}`, span, SELF_HINT);
    return undefined;
  }
  if (index > stage.index && index < planner.dockerfile.stages.length && !planner.open.has(index)) {
    const current = stage.name ?? String(stage.index);
    const message = `cannot copy from stage ${JSON.stringify(name)}, it needs to be defined before current stage ${JSON.stringify(current)}`;
    report(state, 'E_STAGE', message, span, 'move the stage up');
    return undefined;
  }
  if (index >= planner.dockerfile.stages.length || (isNumber && index >= stage.index)) {
    report(state, 'E_STAGE', `invalid stage index ${name}`, span, 'a stage can be used once it is complete');
    return undefined;
  }
  const planned = await planner.planStage(index);
  if (planned?.root !== undefined) return { kind: 'vertex', vertex: planned.root };
  if (planner.open.has(index)) {
    const message = `circular dependency detected on stage: ${state.name}`;
    report(state, 'E_STAGE_CYCLE', message, backReference(state, index) ?? span, SELF_HINT);
  }
  return undefined;
}

/** Docker: a cycle over two stages is told where the later one names the earlier. */
function backReference({ planner, stage }: StageState, later: number): Span | undefined {
  if (later <= stage.index) return undefined;
  const name = stage.name?.toLowerCase();
  const back = planner.dockerfile.stages[later]?.instructions.find(({ flags }) =>
    flags.some((flag) => flag.name === 'from' && flag.value?.toLowerCase() === name),
  );
  return back?.span;
}

function hiddenStep(state: StageState, instruction: Instruction, op: Parameters<typeof addStep>[2]): number {
  return addStep(state, instruction, op, { isImplicit: true, isRootless: true });
}
