/** Plan + context files + the engine's cache -> what each instruction of a Dockerfile would do in the next build, and why. Executes nothing. */

import type { FileTree } from '../context/file-tree.ts';
import type { Dockerfile } from '../dockerfile/types.ts';
import type { VertexLookup } from '../build/cache-record.ts';
import type { VertexId } from '../build/ops.ts';
import { withCheckArg } from '../build/check-arg.ts';
import type { BuildOptions } from '../build/options.ts';
import { listedVertices, planBuild } from '../build/plan.ts';
import { preparePlan } from '../build/requests.ts';
import type { Plan, SkippedStep } from '../build/types.ts';
import { unusedArgs } from '../build/unused-args.ts';
import { fileCheckOptions } from '../lint/check-options.ts';
import { checkViolation } from '../lint/enforced-checks.ts';
import type { Parsed, Problem } from '../source.ts';

import { missingImagesOf, summarize } from './estimate.ts';
import type { PreviewReport, PreviewStep } from './report.ts';
import type { PreviewResolver } from './resolver.ts';
import { stepProblems } from './step-problems.ts';
import { type StepInputs, stepOf } from './verdict.ts';

export interface PreviewInput {
  readonly dockerfile: Dockerfile;
  /** As shown in the report. */
  readonly file: string;
  /** Identifies the Dockerfile across edits; the builder must be given the same (`projectId`). */
  readonly project: string;
  readonly options: BuildOptions;
  /** '' is the main context, `.dockerignore` applied. */
  readonly contexts: (name: string) => FileTree | undefined;
  readonly resolver: PreviewResolver;
  readonly signal?: AbortSignal;
}

/** `value` is undefined when there is nothing to build, or when the file's own checks refuse it whole. Problems are those of planning, of missing sources and of secrets that were not given. */
export async function preview(input: PreviewInput): Promise<Parsed<PreviewReport | undefined>> {
  const { dockerfile, options, resolver, project, contexts, signal } = input;
  const planned = await planBuild(dockerfile, options, (reference, platform) =>
    resolver.resolveImage(reference, platform),
  );
  if (planned.value === undefined) return { value: undefined, problems: planned.problems };
  const plan = planned.value;
  const violation = await violationOf(withCheckArg(dockerfile, options.buildArgs));
  if (violation !== undefined) return { value: undefined, problems: [...planned.problems, violation] };
  const prepared = await preparePlan(plan, {
    project,
    contexts,
    ...(signal === undefined ? {} : { signal }),
  });
  const requests = [...prepared.values()].map(({ request }) => request);
  const answers = await resolver.lookup(requests, signal);
  const lookups = new Map<VertexId, VertexLookup>();
  requests.forEach((request, at) => {
    const answer = answers[at];
    if (answer !== undefined) lookups.set(request.id, answer);
  });
  const inputs: StepInputs = { plan, prepared, lookups, options };
  const steps = listedVertices(plan).map((vertex) => stepOf(vertex, inputs));
  const unused = unusedArgs(dockerfile, plan, options);
  const missingImages = missingImagesOf(plan);
  const report: PreviewReport = {
    file: input.file,
    target: plan.target.name,
    steps: inFileOrder(plan, steps),
    summary: summarize(inputs, steps),
    ...(unused.length === 0 ? {} : { unusedArgs: unused }),
    ...(missingImages.length === 0 ? {} : { missingImages }),
  };
  return {
    value: report,
    problems: [...planned.problems, ...stepProblems(dockerfile, inputs)],
  };
}

/** As the build refuses it, before its first step. The rules are loaded only where the file asks for it. */
async function violationOf(checked: Dockerfile): Promise<Problem | undefined> {
  if (!fileCheckOptions(checked).isError) return undefined;
  const { lintDockerfile } = await import('../lint/run.ts');
  return checkViolation(checked, lintDockerfile(checked, 'buildkit'));
}

/** Needed and skipped stages together, by index of the stage. */
function inFileOrder(plan: Plan, steps: readonly PreviewStep[]): readonly PreviewStep[] {
  const listed = listedVertices(plan).map((vertex, at) => ({
    stageIndex: vertex.stageIndex,
    step: steps[at],
  }));
  const skipped = plan.skipped.map((step) => ({ stageIndex: step.stageIndex, step: skippedStep(step) }));
  return [...listed, ...skipped]
    .sort((a, b) => a.stageIndex - b.stageIndex)
    .flatMap(({ step }) => (step === undefined ? [] : [step]));
}

function skippedStep(step: SkippedStep): PreviewStep {
  const { stageName: stage, line, instruction, span } = step;
  const text = `stage ${stage} is not needed for the target`;
  const reasons = [{ kind: 'not-needed', text }] as const;
  return { stage, line, instruction, state: 'SKIPPED', certain: true, reasons, span };
}
