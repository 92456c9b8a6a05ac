/** What a name behind `FROM`, `--from=` or `from=` stands for: a named context, a stage, or an image. */

import type { Instruction } from '../dockerfile/types.ts';
import { isErrorKind } from '../errors.ts';
import type { Platform } from '../oci/platform.ts';
import type { Span } from '../source.ts';

import type { ImageOp, ResolvedImage, SourceRef } from './ops.ts';
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
  const wanted = name.toLowerCase();
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
  span: Span,
): Promise<SourceRef | undefined> {
  const source = findSource(state.planner, name);
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

/** Asks the resolver; an unknown image is an op without `image`, and a resolver that refuses it is a problem at `span`. */
export async function imageOp(
  planner: Planner,
  reference: string,
  platform: Platform,
  span: Span,
): Promise<ImageOp> {
  const image = await resolveAt(planner, reference, platform, span);
  return { kind: 'image', reference, platform, ...(image === undefined ? {} : { image }) };
}

async function resolveAt(
  planner: Planner,
  reference: string,
  platform: Platform,
  span: Span,
): Promise<ResolvedImage | undefined> {
  try {
    return await planner.resolveImage(reference, platform);
  } catch (error) {
    if (!isErrorKind(error, 'not-found') && !isErrorKind(error, 'invalid-argument')) throw error;
    const { code, message, hint } = error;
    planner.problems.push({
      code,
      severity: 'error',
      message,
      span,
      ...(hint === undefined ? {} : { hint }),
    });
    return undefined;
  }
}

async function stageSource(
  state: StageState,
  index: number,
  name: string,
  span: Span,
): Promise<SourceRef | undefined> {
  const { planner, stage } = state;
  if (index >= planner.dockerfile.stages.length || (/^\d+$/.test(name) && index >= stage.index)) {
    report(state, 'E_STAGE', `invalid stage index ${name}`, span, 'a stage can be used once it is complete');
    return undefined;
  }
  const planned = await planner.planStage(index);
  if (planned?.root !== undefined) return { kind: 'vertex', vertex: planned.root };
  if (planner.open.has(index)) {
    const message = `circular dependency detected on stage: ${state.name}`;
    report(
      state,
      'E_STAGE_CYCLE',
      message,
      span,
      'a stage cannot copy from itself or from one that needs it',
    );
  }
  return undefined;
}

function hiddenStep(state: StageState, instruction: Instruction, op: Parameters<typeof addStep>[2]): number {
  return addStep(state, instruction, op, { isImplicit: true, isRootless: true });
}
