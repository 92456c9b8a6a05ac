/** One build from request to image: plan, prepare, solve, compose; then whoever asked keeps the image, or takes it away. Everything that happens is told as events. */

import { availableParallelism } from 'node:os';

import { withCheckArg } from '../../core/build/check-arg.ts';
import { missingSourcePlace, missingSourceSpan } from '../../core/build/missing-source.ts';
import { planBuild } from '../../core/build/plan.ts';
import { type BuildOptions, fileEpoch } from '../../core/build/options.ts';
import { type ContextMemory, preparePlan, prepareStep } from '../../core/build/requests.ts';
import type { Plan } from '../../core/build/types.ts';
import { isOfRequest } from '../../core/build/request-faults.ts';
import { problemsOfBuild } from '../../core/build/reading-problems.ts';
import { unusedArgs, unusedArgsText } from '../../core/build/unused-args.ts';
import type { FileTree } from '../../core/context/file-tree.ts';
import { readDockerfile } from '../../core/dockerfile/read.ts';
import type { Dockerfile } from '../../core/dockerfile/types.ts';
import { NaruError } from '../../core/errors.ts';
import { checkViolation } from '../../core/lint/enforced-checks.ts';
import { type BuildEvent, CHECK_WARNING } from '../../core/protocol/build.ts';
import type { Problem } from '../../core/source.ts';
import type { Image } from '../engine/images/image-store.ts';
import { diskFullError } from '../host/disk-full.ts';
import type { BuildParts } from './build-parts.ts';
import type { ImportedCache } from './cache-imports.ts';
import type { CacheView } from './cache-store.ts';
import { type MadeSteps, madeSteps } from './carried-steps.ts';
import { type ComposedImage, composeImage } from './compose.ts';
import { withoutPasswords } from './git/command.ts';
import { type HeldBases, type HeldBasesOptions, openBases } from './held-bases.ts';
import { OutputTail } from './output-tail.ts';
import { openRemoteContext, readContextDockerfile } from './remote-context.ts';
import { solve } from './solve.ts';
import type { OpenAgent } from './ssh/agent-streams.ts';
import { StepFailure } from './step-failure.ts';
import { Workspace } from './workspace.ts';

/** An event before it has its number. */
export type BuildNews = BuildEvent extends infer E ? (E extends BuildEvent ? Omit<E, 'seq'> : never) : never;

export interface BuildInput {
  readonly id: string;
  /** Without `text` it is read from the main context, which is then an address. */
  readonly dockerfile: { readonly path: string; readonly text?: string };
  readonly project: string;
  readonly options: BuildOptions;
  /** '' is the main context, `.dockerignore` applied. */
  readonly contexts: (name: string) => FileTree | undefined;
  /** Of earlier builds with the same contexts. */
  readonly memory?: ContextMemory;
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  /** SSH agents by the id of `--ssh`. */
  readonly agents: ReadonlyMap<string, OpenAgent>;
  readonly pulls: boolean;
  /** Searched after the engine's own cache. */
  readonly caches?: readonly ImportedCache[];
  /** Put records of the image's own layers into its config. */
  readonly isCacheInlined?: boolean;
  readonly onNews: (news: BuildNews) => void;
  readonly signal: AbortSignal;
}

/** What a build comes to. */
export interface MadeBuild {
  readonly image: ComposedImage;
  readonly steps: MadeSteps;
}

/**
 * The image, kept and tagged.
 * @throws NaruError with the Dockerfile's location when the Dockerfile or a step is at fault; its `cause` is what the step threw
 */
export function build(
  parts: BuildParts,
  { tags, ...input }: BuildInput & { readonly tags: readonly string[] },
): Promise<Image> {
  return buildTo(parts, input, ({ image }) => keepImage(parts, image, tags));
}

/** What `take` answers; until then everything that was made is held. @throws as `build`, and what `take` throws */
export async function buildTo<T>(
  parts: BuildParts,
  input: BuildInput,
  take: (made: MadeBuild) => Promise<T>,
): Promise<T> {
  const { text, options } = await openSource(parts, input);
  return buildText(parts, { ...input, options }, text, take);
}

/** Puts an image into the store. */
export async function keepImage(
  { images }: Pick<BuildParts, 'images'>,
  { config, snapshots }: ComposedImage,
  tags: readonly string[],
): Promise<Image> {
  const image = await images.create(config, snapshots);
  for (const tag of tags) await images.tag(image.id, tag);
  return image;
}

/** The Dockerfile's text; and the options, with what an address stands for now. */
async function openSource(
  parts: BuildParts,
  { id, dockerfile, options, agents, onNews, signal }: BuildInput,
): Promise<{ readonly text: string; readonly options: BuildOptions }> {
  const { context } = options;
  if (context === undefined) return { text: dockerfile.text ?? '', options };
  const isKnown = context.kind === 'git' ? context.commit !== undefined : context.checksum !== undefined;
  const address = context.kind === 'git' ? context.remote : context.url;
  const instruction = `fetch ${withoutPasswords(address)}`;
  if (!isKnown) onNews({ type: 'begin', stage: 'context', line: 0, instruction });
  const opened = await openRemoteContext(parts, { build: id, context, agents, signal });
  const text = dockerfile.text ?? (await readContextDockerfile(opened, dockerfile.path));
  return { text, options: { ...options, context: opened.context } };
}

async function buildText<T>(
  parts: BuildParts,
  input: BuildInput,
  text: string,
  take: (made: MadeBuild) => Promise<T>,
): Promise<T> {
  const { id, caches, pulls, onNews, signal } = input;
  const { value: dockerfile, problems } = readDockerfile(text);
  const cache = parts.cache.openBuild(id, caches);
  const hold = (snapshot: string): void => cache.hold(snapshot);
  const onPull: HeldBasesOptions['onPull'] = (reference, { bytes, totalBytes }) =>
    onNews({ type: 'pull', reference, bytes, totalBytes });
  const bases = openBases(parts, { pulls, hold, onPull, signal });
  const workspace = new Workspace(parts.snapshots, hold);
  try {
    const plan = await planOf(input, dockerfile, problems, bases);
    if (pulls && parts.registries === undefined) tellLocalBases(plan, onNews);
    return await take(await solvePlan(parts, input, plan, dockerfile, { workspace, cache, bases }));
  } finally {
    await workspace.close();
    cache.close();
  }
}

/** Says what it warns of and what is skipped. @throws NaruError with the location of what is wrong */
async function planOf(
  input: BuildInput,
  dockerfile: Dockerfile,
  problems: readonly Problem[],
  bases: HeldBases,
): Promise<Plan> {
  const { options, onNews } = input;
  const planned = await planBuild(dockerfile, options, (reference, platform) =>
    bases.resolve(reference, platform),
  );
  const skipped = planned.value?.skipped ?? [];
  const fault = problemsOfBuild(problems, planned.problems, dockerfile, skipped).find(
    (problem) => problem.severity === 'error',
  );
  if (fault !== undefined) throw problemError(input, dockerfile, fault);
  await tellChecks(input, withCheckArg(dockerfile, options.buildArgs));
  const plan = planned.value;
  if (plan === undefined) throw new NaruError('invalid-argument', 'E_PLAN', 'there is nothing to build');
  const unused = unusedArgs(dockerfile, plan, options);
  if (unused.length > 0) {
    onNews({ type: 'warning', line: 0, code: 'W_UNUSED_ARG', message: unusedArgsText(unused) });
  }
  for (const { stageName: stage, line, instruction } of plan.skipped)
    onNews({ type: 'step', stage, line, instruction, state: 'SKIPPED', seconds: 0, bytes: 0 });
  return plan;
}

/** `--pull` asks for images that are newer than those here: who asked is told that nobody looked. */
function tellLocalBases({ vertices }: Plan, onNews: BuildInput['onNews']): void {
  // A digest alone is an image layout, which no registry has.
  const names = new Set(
    vertices.flatMap(({ op }) =>
      op.kind === 'image' && !op.reference.startsWith('sha256:') ? [op.reference] : [],
    ),
  );
  if (names.size === 0) return;
  const message = `no registry was asked for ${[...names].join(', ')}: registries are not supported yet, and the images of this engine are used as they are`;
  onNews({ type: 'warning', line: 0, code: 'W_NO_REGISTRY', message });
}

/** BuildKit's checks, each finding as a warning. The rules are loaded only here. @throws NaruError at the first finding under `# check=error=true`, after all were told */
async function tellChecks(input: BuildInput, checked: Dockerfile): Promise<void> {
  const { lintDockerfile } = await import('../../core/lint/run.ts');
  const findings = lintDockerfile(checked, 'buildkit');
  for (const { ruleId, line, message } of findings) {
    input.onNews({ type: 'warning', line: line + 1, code: CHECK_WARNING, message: `${ruleId}: ${message}` });
  }
  const violation = checkViolation(checked, findings);
  if (violation !== undefined) throw problemError(input, checked, violation);
}

/** What one build holds, or has mounted, until it ends. */
interface BuildHoldings {
  readonly workspace: Workspace;
  readonly cache: CacheView;
  readonly bases: HeldBases;
}

async function solvePlan(
  parts: BuildParts,
  input: BuildInput,
  plan: Plan,
  dockerfile: Dockerfile,
  { workspace, cache, bases }: BuildHoldings,
): Promise<MadeBuild> {
  const { contexts, secrets, agents, signal, onNews, options, project, memory } = input;
  const whole = { project, contexts, signal };
  const prepared = await preparePlan(plan, memory === undefined ? whole : { ...whole, memory });
  const tail = new OutputTail();
  const solved = await solve({
    parts,
    workspace,
    plan,
    prepared,
    prepareWhole: (vertex) => prepareStep(vertex, plan.vertices, whole),
    contexts,
    secrets,
    agents,
    imageSnapshot: (op) => bases.snapshot(op),
    cache,
    nParallel: availableParallelism(),
    fileEpoch: fileEpoch(options),
    events: {
      onBegin: ({ stageName: stage, line, instruction }) =>
        onNews({ type: 'begin', stage, line, instruction }),
      onStep: ({ stageName: stage, line, instruction }, state, seconds, bytes) =>
        onNews({ type: 'step', stage, line, instruction, state, seconds, bytes }),
      onOutput: (vertex, stream, text) => {
        tail.add(vertex.id, text);
        onNews({ type: 'log', stage: vertex.stageName, line: vertex.line, stream, text });
      },
      onWarning: ({ line }, reason) => {
        const message = `the cached step cannot be used and runs instead: ${reason}`;
        onNews({ type: 'warning', line, code: 'W_CACHE_IMPORT', message });
      },
    },
    signal,
  }).catch((error: unknown) => {
    throw error instanceof StepFailure ? stepError(input, dockerfile, error, tail) : error;
  });
  const steps = await madeSteps(plan, prepared, solved, (result) => cache.carried(result));
  const { sourceDateEpoch } = options;
  const inline = input.isCacheInlined === true ? { steps } : {};
  const image = await composeImage(parts.snapshots, plan, solved, { sourceDateEpoch, ...inline });
  return { image, steps };
}

function problemError(input: BuildInput, dockerfile: Dockerfile, problem: Problem): NaruError {
  const start = dockerfile.lines.positionAt(problem.span.start);
  const end = dockerfile.lines.positionAt(problem.span.end);
  const location = { file: input.dockerfile.path, start, end };
  const hint = problem.hint === undefined ? {} : { hint: problem.hint };
  const place = isOfRequest(problem) ? {} : { location };
  return new NaruError('invalid-argument', problem.code, problem.message, { ...place, ...hint });
}

function stepError(
  input: BuildInput,
  dockerfile: Dockerfile,
  failure: StepFailure,
  tail: OutputTail,
): NaruError {
  const { vertex } = failure;
  const cause = diskFullError(failure.cause) ?? failure.cause;
  const message = cause instanceof Error ? cause.message : failure.message;
  const span = missingSourceSpan(dockerfile, vertex.span, message);
  const start = dockerfile.lines.positionAt(span.start);
  const end = dockerfile.lines.positionAt(span.end);
  const location = { file: input.dockerfile.path, start, end };
  const kind = cause instanceof NaruError ? cause.kind : 'internal';
  const code = cause instanceof NaruError ? cause.code : 'E_STEP';
  const lines = tail.lastLines(vertex.id);
  const known = cause instanceof NaruError ? cause.hint : undefined;
  const hint =
    lines === ''
      ? (known ?? missingSourcePlace(dockerfile, vertex.span, message))
      : `its last output was:\n${lines}`;
  return new NaruError(kind, code, message, {
    location,
    cause,
    ...(hint === undefined ? {} : { hint }),
  });
}
