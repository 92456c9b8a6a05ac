/**
 * A main context that is an address, before the build that uses it: what it stands for now, and the Dockerfile in it.
 * It is fetched by the same steps and kept in the same cache as everything else, so the build finds it there.
 * Docker: ignore files count for files that a client sends alone (28.5.2).
 */

import { treePath } from '../../core/context/paths.ts';
import { resolveEntry } from '../../core/context/resolve.ts';
import type { FileTree } from '../../core/context/file-tree.ts';
import type { Op } from '../../core/build/ops.ts';
import { addContextOps, DOWNLOADED_NAME, type RemoteContext } from '../../core/build/remote-context.ts';
import { preparePlan, prepareStep } from '../../core/build/requests.ts';
import type { Plan, Vertex } from '../../core/build/types.ts';
import { NaruError } from '../../core/errors.ts';
import type { BuildParts } from './build-parts.ts';
import { isHosted } from './hosted-tree.ts';
import { GIT_AGENT } from './ops/git.ts';
import { pinGit } from './pin-git.ts';
import { solve } from './solve.ts';
import { StepFailure } from './step-failure.ts';
import type { OpenAgent } from './ssh/agent-streams.ts';
import { isArchive } from './unpack-archive.ts';
import { Workspace } from './workspace.ts';

export interface ContextRequest {
  /** Identifies the build it is for. */
  readonly build: string;
  readonly context: RemoteContext;
  readonly agents: ReadonlyMap<string, OpenAgent>;
  readonly signal: AbortSignal;
}

export interface OpenedContext {
  /** With its commit, or with the digest of what was downloaded. */
  readonly context: RemoteContext;
  readonly files: FileTree;
}

const MAX_DOCKERFILE_BYTES = 4 * 1024 * 1024;

/** Fetches it, unless the cache has it. @throws NaruError in BuildKit's words when it cannot be read */
export async function openRemoteContext(parts: BuildParts, request: ContextRequest): Promise<OpenedContext> {
  const { context } = request;
  try {
    return context.kind === 'git'
      ? await openRepository(parts, request, context)
      : await openDownload(parts, request, context);
  } catch (error) {
    const cause = error instanceof StepFailure ? error.cause : error;
    if (!(cause instanceof NaruError) || cause.kind === 'cancelled') throw cause;
    const what = context.kind === 'git' ? 'failed to read dockerfile' : 'failed to read downloaded context';
    throw new NaruError(cause.kind, cause.code, `${what}: ${cause.message}`, {
      cause,
      ...(cause.hint === undefined ? {} : { hint: cause.hint }),
    });
  }
}

/** The Dockerfile that `path` names in a context, which nothing leaves. @throws NaruError "invalid-argument" when it is not there */
export async function readContextDockerfile(
  { context, files }: OpenedContext,
  path: string,
): Promise<string> {
  const isWhole = context.kind === 'http' && !context.isArchive;
  const entry = await resolveEntry(files, isWhole ? DOWNLOADED_NAME : treePath(path));
  const bytes = entry?.kind === 'file' ? await files.read(entry.path, MAX_DOCKERFILE_BYTES) : undefined;
  if (bytes !== undefined) return Buffer.from(bytes).toString();
  const message = `failed to read dockerfile: open ${path}: no such file or directory`;
  throw new NaruError('invalid-argument', 'E_NO_DOCKERFILE', message, {
    hint: 'name it with -f, as a path in the context',
  });
}

type Context<K extends RemoteContext['kind']> = Extract<RemoteContext, { readonly kind: K }>;

async function openRepository(
  parts: BuildParts,
  request: ContextRequest,
  context: Context<'git'>,
): Promise<OpenedContext> {
  const { agents, signal } = request;
  const asking = { runDir: parts.runDir, folder: parts.dataDir, agent: agents.get(GIT_AGENT), signal };
  const cache = parts.cache.openPreview();
  const { commit } = await pinGit(context, asking, cache.index).finally(() => cache.close());
  const pinned = { ...context, ...(commit === undefined ? {} : { commit }) };
  return { context: pinned, files: await fetchFiles(parts, request, pinned) };
}

async function openDownload(
  parts: BuildParts,
  request: ContextRequest,
  context: Context<'http'>,
): Promise<OpenedContext> {
  if (context.checksum !== undefined && context.isArchive) {
    return { context, files: await fetchFiles(parts, request, context) };
  }
  const file = { ...context, isArchive: false };
  const downloaded = await fetchFiles(parts, request, file);
  const [checksum] = await downloaded.digests([DOWNLOADED_NAME]);
  const pinned = { ...file, ...(checksum === undefined ? {} : { checksum }) };
  const path = isHosted(downloaded) ? downloaded.hostPath(DOWNLOADED_NAME) : undefined;
  if (path === undefined || !(await isArchive(path))) return { context: pinned, files: downloaded };
  const archive = { ...pinned, isArchive: true };
  return { context: archive, files: await fetchFiles(parts, request, archive) };
}

/** Runs the steps that make the context's files; whatever they make is in the cache afterwards. */
async function fetchFiles(
  parts: BuildParts,
  { build, agents, signal }: ContextRequest,
  context: RemoteContext,
): Promise<FileTree> {
  const plan = planOf(context);
  const contexts = (): undefined => undefined;
  const prepared = await preparePlan(plan, { project: 'contexts', contexts, signal });
  // Another name than the build's own, which does not find what it made itself.
  const cache = parts.cache.openBuild(`${build} context`);
  const workspace = new Workspace(parts.snapshots, (snapshot) => cache.hold(snapshot));
  const events = { onBegin: ignore, onStep: ignore, onOutput: ignore, onWarning: ignore };
  try {
    const solved = await solve({
      parts,
      workspace,
      plan,
      prepared,
      contexts,
      secrets: new Map(),
      agents,
      imageSnapshot: async () => undefined,
      prepareWhole: (vertex) => prepareStep(vertex, plan.vertices, { project: 'contexts', contexts, signal }),
      cache,
      nParallel: 1,
      fileEpoch: undefined,
      events,
      signal,
    });
    return await workspace.tree(solved.get(plan.target.last)?.result);
  } finally {
    await workspace.close();
    cache.close();
  }
}

/** The steps that make its files. */
export function planOf(context: RemoteContext): Plan {
  const vertices: Vertex[] = [];
  const last = addContextOps(context, (op) => vertices.push(vertexOf(vertices.length, op)) - 1);
  const config = { os: 'linux', architecture: '', rootfs: { type: 'layers', diff_ids: [] } } as const;
  const target = { index: 0, name: 'context', last, vertices: vertices.map(({ id }) => id), config };
  return { vertices, stages: [], target, skipped: [] };
}

function vertexOf(id: number, op: Op): Vertex {
  const span = { start: 0, end: 0 };
  return {
    id,
    op,
    stageIndex: 0,
    stageName: 'context',
    line: 0,
    place: `${op.kind} ${id}`,
    span,
    instruction: op.kind === 'copy' ? 'unpack' : `fetch ${op.kind}`,
    isImplicit: true,
    isForced: false,
  };
}

function ignore(): void {
  // The build tells that it fetches its context, once.
}
