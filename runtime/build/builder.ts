/** One build from request to image: plan, prepare, solve, commit, tag; everything that happens is told as events. */

import { availableParallelism } from 'node:os';

import { planBuild } from '../../core/build/plan.ts';
import type { ResolvedImage } from '../../core/build/ops.ts';
import { type BuildOptions, fileEpoch } from '../../core/build/options.ts';
import { type ContextMemory, preparePlan, prepareStep } from '../../core/build/requests.ts';
import type { Plan, Vertex } from '../../core/build/types.ts';
import { unusedArgs } from '../../core/build/unused-args.ts';
import type { FileTree } from '../../core/context/file-tree.ts';
import { readDockerfile } from '../../core/dockerfile/read.ts';
import type { Dockerfile } from '../../core/dockerfile/types.ts';
import { NaruError } from '../../core/errors.ts';
import { fileCheckOptions } from '../../core/lint/check-options.ts';
import { parseDigest } from '../../core/oci/digest.ts';
import type { Platform } from '../../core/oci/platform.ts';
import type { BuildEvent } from '../../core/protocol/build.ts';
import type { Problem } from '../../core/source.ts';
import type { Image } from '../engine/images/image-store.ts';
import type { BuildParts } from './build-parts.ts';
import type { ImportedCache } from './cache-imports.ts';
import type { CacheView } from './cache-store.ts';
import { type MadeSteps, madeSteps } from './carried-steps.ts';
import { commitImage } from './commit.ts';
import { withoutPasswords } from './git/command.ts';
import { OutputTail } from './output-tail.ts';
import { openRemoteContext, readContextDockerfile } from './remote-context.ts';
import { solve, StepFailure } from './solve.ts';
import type { OpenAgent } from './ssh/agent-streams.ts';
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
  readonly tags: readonly string[];
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  /** SSH agents by the id of `--ssh`. */
  readonly agents: ReadonlyMap<string, OpenAgent>;
  readonly pulls: boolean;
  /** Searched after the engine's own cache. */
  readonly caches?: readonly ImportedCache[];
  /** Put records of the image's own layers into its config. */
  readonly isCacheInlined?: boolean;
  /** Told when the image is there. */
  readonly onMade?: (made: MadeSteps) => void;
  readonly onNews: (news: BuildNews) => void;
  readonly signal: AbortSignal;
}

/**
 * The image, tagged.
 * @throws NaruError with the Dockerfile's location when the Dockerfile or a step is at fault; its `cause` is what the step threw
 */
export async function build(parts: BuildParts, input: BuildInput): Promise<Image> {
  const { text, options } = await openSource(parts, input);
  return buildText(parts, { ...input, options }, text);
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

async function buildText(parts: BuildParts, input: BuildInput, text: string): Promise<Image> {
  const { value: dockerfile, problems } = readDockerfile(text);
  const violated = await violatedChecks(dockerfile);
  const planned = await planBuild(dockerfile, input.options, (reference, platform) =>
    resolveForBuild(parts, input, reference, platform),
  );
  const fault = [...problems, ...planned.problems].find((problem) => problem.severity === 'error');
  if (fault !== undefined) throw problemError(input, dockerfile, fault);
  if (violated.length > 0) {
    const message = `lint violation found for rules: ${violated.join(', ')}`;
    throw new NaruError('invalid-argument', 'E_CHECKS', message, { hint: 'see naru lint --rules buildkit' });
  }
  const plan = planned.value;
  if (plan === undefined) throw new NaruError('invalid-argument', 'E_PLAN', 'there is nothing to build');
  const unused = unusedArgs(dockerfile, plan, input.options);
  if (unused.length > 0) {
    const message = `One or more build-args [${unused.join(' ')}] were not consumed`;
    input.onNews({ type: 'warning', line: 0, code: 'W_UNUSED_ARG', message });
  }
  for (const step of plan.skipped) {
    const { stageName: stage, line, instruction } = step;
    input.onNews({ type: 'step', stage, line, instruction, state: 'SKIPPED', seconds: 0, bytes: 0 });
  }
  const cache = parts.cache.openBuild(input.id, input.caches);
  const workspace = new Workspace(parts.snapshots, (snapshot) => cache.hold(snapshot));
  try {
    return await solveAndCommit(parts, input, plan, dockerfile, { workspace, cache });
  } finally {
    await workspace.close();
    cache.close();
  }
}

/** `# check=error=true`: the names of BuildKit's checks that found something, in order. The rules are loaded only then. */
async function violatedChecks(dockerfile: Dockerfile): Promise<readonly string[]> {
  if (!fileCheckOptions(dockerfile).isError) return [];
  const { lintDockerfile } = await import('../../core/lint/run.ts');
  return [...new Set(lintDockerfile(dockerfile, 'buildkit').map(({ ruleId }) => ruleId))].sort();
}

async function solveAndCommit(
  parts: BuildParts,
  input: BuildInput,
  plan: Plan,
  dockerfile: Dockerfile,
  { workspace, cache }: { readonly workspace: Workspace; readonly cache: CacheView },
): Promise<Image> {
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
    imageSnapshot: (vertex) => imageSnapshot(parts, input, vertex, cache),
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
  const made = madeSteps(plan, solved, (result) => cache.carried(result));
  const { sourceDateEpoch } = options;
  const inline = input.isCacheInlined === true ? { made } : {};
  const image = await commitImage(parts, plan, solved, { sourceDateEpoch, ...inline });
  input.onMade?.(made);
  for (const tag of input.tags) await parts.images.tag(image.id, tag);
  return image;
}

/** What the store has, else what a registry says; `--pull` means nothing where there is no registry. @throws not-found */
async function resolveForBuild(
  parts: BuildParts,
  input: BuildInput,
  reference: string,
  platform: Platform,
): Promise<ResolvedImage | undefined> {
  const asksRegistry = input.pulls && parts.registries !== undefined;
  const local = asksRegistry ? undefined : await parts.images.find(reference);
  if (local !== undefined) {
    return { reference, digest: local.id, config: local.config, isLocal: true, pullBytes: 0 };
  }
  const remote = await parts.registries?.inspect(reference, platform, input.signal);
  if (remote === undefined) {
    const message = `image ${reference} is not on this engine`;
    const hint = 'load it first (naru load, docker load) or build it here: this engine does not pull yet';
    throw new NaruError('not-found', 'E_NO_IMAGE', message, { hint });
  }
  const { config, bytes } = remote;
  return { reference, digest: parseDigest(remote.digest), config, isLocal: false, pullBytes: bytes };
}

async function imageSnapshot(
  parts: BuildParts,
  input: BuildInput,
  vertex: Vertex,
  cache: CacheView,
): Promise<string | undefined> {
  const { op } = vertex;
  if (op.kind !== 'image') return undefined;
  const image =
    op.image?.isLocal === true
      ? await parts.images.get(op.image.digest)
      : await parts.registries?.pull(
          op.reference,
          op.platform,
          ({ bytes, totalBytes }) =>
            input.onNews({ type: 'pull', reference: op.reference, bytes, totalBytes }),
          input.signal,
        );
  const top = image?.snapshots.at(-1);
  if (top === undefined) return undefined;
  cache.hold(top);
  if ((await parts.snapshots.stat(top)) !== undefined) return top;
  throw new NaruError('not-found', 'E_NO_IMAGE', `image ${op.reference} was removed while it was built on`);
}

function problemError(input: BuildInput, dockerfile: Dockerfile, problem: Problem): NaruError {
  const start = dockerfile.lines.positionAt(problem.span.start);
  const end = dockerfile.lines.positionAt(problem.span.end);
  const location = { file: input.dockerfile.path, start, end };
  const hint = problem.hint === undefined ? {} : { hint: problem.hint };
  return new NaruError('invalid-argument', problem.code, problem.message, { location, ...hint });
}

function stepError(
  input: BuildInput,
  dockerfile: Dockerfile,
  failure: StepFailure,
  tail: OutputTail,
): NaruError {
  const { vertex, cause } = failure;
  const start = dockerfile.lines.positionAt(vertex.span.start);
  const end = dockerfile.lines.positionAt(vertex.span.end);
  const location = { file: input.dockerfile.path, start, end };
  const kind = cause instanceof NaruError ? cause.kind : 'internal';
  const code = cause instanceof NaruError ? cause.code : 'E_STEP';
  const lines = tail.lastLines(vertex.id);
  const hint =
    lines === '' ? (cause instanceof NaruError ? cause.hint : undefined) : `its last output was:\n${lines}`;
  return new NaruError(kind, code, failure.message, {
    location,
    cause,
    ...(hint === undefined ? {} : { hint }),
  });
}
