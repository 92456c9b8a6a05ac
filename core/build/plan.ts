/**
 * Dockerfile and options -> graph of vertices for a target, everything evaluated.
 * Only the stages the target needs are planned, each once; the others are listed as skipped.
 */

import { readDockerfile } from '../dockerfile/read.ts';
import { withShortWords } from '../dockerfile/cut-words.ts';
import { suggestion } from '../dockerfile/suggestion.ts';
import type { Dockerfile, Instruction, SingleInstruction, Stage } from '../dockerfile/types.ts';
import type { Platform } from '../oci/platform.ts';
import type { Parsed, Problem } from '../source.ts';

import { checkArgProblems } from './check-arg.ts';
import { unsupportedPlatform } from './from-platform.ts';
import { globalArgs } from './global-args.ts';
import { lowerCopy } from './lower-copy.ts';
import { lowerRun } from './lower-run.ts';
import { applyMetadata } from './metadata.ts';
import type { Op } from './ops.ts';
import type { BuildOptions } from './options.ts';
import type { Planner, StageState } from './planner.ts';
import { replacedStage, stageConfig, startStage } from './stage-base.ts';
import { addHistory, addStep, currentDirectory, expandText, report } from './stage-state.ts';
import type { ImageResolver, Plan, PlannedStage, SkippedStep } from './types.ts';
import { resolvePath } from './unix-path.ts';

/** `value` is undefined when there is nothing to build: no stage, or no such target. Problems of severity "error" make a build fail; a preview goes on. */
export async function planBuild(
  dockerfile: Dockerfile,
  options: BuildOptions,
  resolveImage: ImageResolver,
): Promise<Parsed<Plan | undefined>> {
  const problems: Problem[] = [...checkArgProblems(options.buildArgs)];
  const target = findTarget(dockerfile, options.target, problems);
  if (target === undefined) return { value: undefined, problems: withShortWords(problems) };
  const planner: Planner = {
    dockerfile,
    options: { ...options, platform: targetPlatform(options, target, problems) },
    resolveImage,
    globals: globalArgs(dockerfile, options, problems),
    vertices: [],
    problems,
    fetched: new Map(),
    replaced: new Set(),
    done: new Map(),
    open: new Set(),
    planStage: (index) => planStage(planner, index),
  };
  await planner.planStage(target.index);
  const stages = [...planner.done.values()].map(plannedStage);
  const last = stages.find((stage) => stage.index === target.index);
  if (last === undefined) return { value: undefined, problems: withShortWords(problems) };
  const labelled = withLabels(last, options.labels);
  return {
    value: { vertices: planner.vertices, stages, target: labelled, skipped: skippedSteps(planner) },
    problems: withShortWords(problems),
  };
}

/** Source order of what a plan lists: stages by index, and inside them in order. */
export function listedVertices(plan: Plan): Plan['vertices'] {
  const byStage = [...plan.stages].sort((a, b) => a.index - b.index);
  return byStage.flatMap((stage) =>
    stage.vertices.flatMap((id) => plan.vertices[id] ?? []).filter((vertex) => !vertex.isImplicit),
  );
}

function findTarget(
  dockerfile: Dockerfile,
  target: string | undefined,
  problems: Problem[],
): Stage | undefined {
  const { stages } = dockerfile;
  const span = { start: 0, end: 0 };
  if (stages.length === 0) {
    problems.push({
      code: 'E_NO_STAGE',
      severity: 'error',
      message: 'no build stage in current context',
      span,
    });
    return undefined;
  }
  if (target === undefined || target === '') return stages.at(-1);
  const wanted = target.toLowerCase();
  const named = stages.findLast((stage) => stage.name?.toLowerCase() === wanted);
  if (named === undefined) {
    const message = `target stage ${JSON.stringify(target)} could not be found`;
    const names = stages.flatMap(({ name }) => (name === undefined ? [] : [name]));
    const meant = suggestion(target, names, 'case-insensitive');
    const known = names.length === 0 ? 'no stage has a name' : `the stages are ${names.join(', ')}`;
    // Docker: any name within two edits, also another letter for one of one letter (dockerd 28.5.2).
    const hint = { hint: meant === undefined ? known : `did you mean ${meant}?` };
    problems.push({ code: 'E_TARGET', severity: 'error', message, span, ...hint });
  }
  return named;
}

/** Of the image; where it cannot be built for that, a preview goes on with the engine's. */
function targetPlatform(
  { platform, buildPlatform }: BuildOptions,
  target: Stage,
  problems: Problem[],
): Platform {
  const message = unsupportedPlatform(platform);
  if (message === undefined) return platform;
  problems.push({ code: 'E_PLATFORM', severity: 'error', message, span: target.from.span });
  return buildPlatform;
}

async function planStage(planner: Planner, index: number): Promise<StageState | undefined> {
  const done = planner.done.get(index);
  if (done !== undefined) return done;
  const stage = planner.dockerfile.stages[index];
  if (stage === undefined || planner.open.has(index)) return undefined;
  const replaced = await replacedStage(planner, stage);
  if (replaced !== undefined) {
    planner.done.set(index, replaced);
    planner.replaced.add(index);
    return replaced;
  }
  planner.open.add(index);
  const state = await startStage(planner, stage);
  await runTriggers(state);
  for (const instruction of stage.instructions) await lower(state, instruction);
  planner.open.delete(index);
  planner.done.set(index, state);
  return state;
}

/** ONBUILD of the base image, as instructions at the FROM's line. */
async function runTriggers(state: StageState): Promise<void> {
  const { OnBuild: triggers = [], ...config } = state.config;
  if (triggers.length === 0) return;
  state.config = config;
  const { value, problems } = readDockerfile(`FROM scratch\n${triggers.join('\n')}\n`);
  for (const { code, message, hint } of problems.filter(({ severity }) => severity === 'error')) {
    report(state, code, message, state.stage.from.span, hint);
  }
  for (const instruction of value.stages[0]?.instructions ?? []) {
    state.trigger = instruction;
    await lower(state, instruction);
  }
  state.trigger = undefined;
}

async function lower(state: StageState, instruction: Instruction): Promise<void> {
  switch (instruction.name) {
    case 'RUN':
      return lowerRun(state, instruction);
    case 'COPY':
    case 'ADD':
      return lowerCopy(state, instruction);
    case 'WORKDIR':
      return lowerWorkdir(state, instruction);
    case 'FROM':
    case 'UNKNOWN':
      return;
    case 'ARG':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'ENV':
    case 'EXPOSE':
    case 'HEALTHCHECK':
    case 'LABEL':
    case 'MAINTAINER':
    case 'ONBUILD':
    case 'SHELL':
    case 'STOPSIGNAL':
    case 'USER':
    case 'VOLUME': {
      const nEntries = state.history.length;
      applyMetadata(state, instruction);
      const historyIndex = state.history.length > nEntries ? { historyIndex: nEntries } : {};
      addStep(state, instruction, { kind: 'metadata' }, historyIndex);
    }
  }
}

function lowerWorkdir(state: StageState, instruction: SingleInstruction): void {
  if (instruction.value === undefined) return;
  const text = expandText(state, instruction.value.text, instruction.value.span);
  const path = resolvePath(currentDirectory(state), text);
  // Docker: an absolute path is kept as it is written.
  state.config = { ...state.config, WorkingDir: text.startsWith('/') ? text : path };
  const historyIndex = addHistory(state, `WORKDIR ${path}`, path !== '/');
  const { sourceDateEpoch } = state.planner.options;
  const user = state.config.User ?? '';
  const op: Op =
    path === '/'
      ? { kind: 'metadata' }
      : { kind: 'mkdir', path, user, ...(sourceDateEpoch === undefined ? {} : { sourceDateEpoch }) };
  addStep(state, instruction, op, { historyIndex });
}

function plannedStage(state: StageState): PlannedStage {
  return {
    index: state.stage.index,
    name: state.name,
    last: state.root ?? state.vertices.at(-1) ?? 0,
    vertices: state.vertices,
    config: stageConfig(state),
  };
}

function withLabels(stage: PlannedStage, labels: ReadonlyMap<string, string>): PlannedStage {
  if (labels.size === 0) return stage;
  const config = { ...stage.config.config };
  const merged = { ...config.Labels, ...Object.fromEntries(labels) };
  return { ...stage, config: { ...stage.config, config: { ...config, Labels: merged } } };
}

function skippedSteps(planner: Planner): readonly SkippedStep[] {
  const { dockerfile, done, replaced } = planner;
  return dockerfile.stages
    .filter((stage) => !done.has(stage.index) || replaced.has(stage.index))
    .flatMap((stage) =>
      [...(replaced.has(stage.index) ? [] : [stage.from]), ...stage.instructions].map((instruction) => ({
        stageIndex: stage.index,
        stageName: stage.name ?? String(stage.index),
        line: instruction.line + 1,
        span: instruction.span,
        instruction: dockerfile.text
          .slice(instruction.span.start, instruction.span.end)
          .split('\n', 1)
          .join(''),
      })),
    );
}
