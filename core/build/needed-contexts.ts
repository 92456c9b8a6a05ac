/** Which build contexts a build reads: nothing has to be known, or sent, of the others. */

import type { Dockerfile, Instruction, Stage } from '../dockerfile/types.ts';

import type { Op, SourceRef } from './ops.ts';
import { readRemoteSource } from './remote-source.ts';
import type { Plan } from './types.ts';

/** Names of the directories that the steps of a plan take files from, cached or not; '' is the main context. */
export function neededContexts({ vertices }: Pick<Plan, 'vertices'>): ReadonlySet<string> {
  return new Set(vertices.flatMap(({ op }) => sourcesOf(op)).flatMap(contextOf));
}

/** Names of the contexts that the key of an op depends on; what a cache mount begins with is no part of it. */
export function contextNames(op: Op): readonly string[] {
  if (op.kind !== 'run') return sourcesOf(op).flatMap(contextOf);
  return op.mounts.flatMap((mount) => (mount.kind === 'bind' ? contextOf(mount.source) : []));
}

/**
 * Whether the target reads the main context for certain, told by the text alone and without the plan, which asks for images.
 * Names of stages are followed as if no named context took their place; false says nothing.
 */
export function isContextRead(dockerfile: Dockerfile, target: string | undefined): boolean {
  const { stages } = dockerfile;
  const last =
    target === undefined || target === '' ? stages.at(-1) : stageNamed(stages, target.toLowerCase());
  return last !== undefined && isReadIn(stages, last, new Set());
}

function sourcesOf(op: Op): readonly SourceRef[] {
  if (op.kind === 'copy') return op.sources.some(({ kind }) => kind === 'path') ? [op.from] : [];
  if (op.kind !== 'run') return [];
  return op.mounts.flatMap((mount) => ('source' in mount ? (mount.source ?? []) : []));
}

function contextOf(source: SourceRef): readonly string[] {
  return source.kind === 'context' ? [source.name] : [];
}

function isReadIn(stages: readonly Stage[], stage: Stage, seen: Set<Stage>): boolean {
  if (seen.has(stage)) return false;
  seen.add(stage);
  if (stage.instructions.some(readsContext)) return true;
  // As sources.ts has it: COPY does not look at the case, FROM does.
  const copied = stage.instructions.map((instruction) => copiedFrom(instruction)?.toLowerCase());
  const names = [stage.from.image?.text, ...copied];
  const above = stages.slice(0, stage.index);
  return names.some((name) => {
    const other = name === undefined ? undefined : stageNamed(above, name);
    return other !== undefined && isReadIn(above, other, seen);
  });
}

/** `name` in lower case finds. */
function stageNamed(stages: readonly Stage[], name: string): Stage | undefined {
  return stages.findLast((stage) => stage.name?.toLowerCase() === name);
}

function copiedFrom(instruction: Instruction): string | undefined {
  if (instruction.name !== 'COPY' && instruction.name !== 'ADD') return undefined;
  return instruction.flags.find(({ name }) => name === 'from')?.value;
}

function readsContext(instruction: Instruction): boolean {
  if (instruction.name !== 'COPY' && instruction.name !== 'ADD') return false;
  if (instruction.destination === undefined || copiedFrom(instruction) !== undefined) return false;
  return instruction.sources.some(({ text }) => !/[$<]/.test(text) && readRemoteSource(text) === undefined);
}
