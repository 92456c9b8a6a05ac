/**
 * Keeps the preview of every open Dockerfile up to date: after an edit, and whenever the editor says that files or the engine changed.
 * Only the newest version is ever previewed; an older run is stopped. Every run looks at the files again, and one that looks is not stopped by files that change meanwhile: another one follows it.
 */

import { join } from 'node:path';

import * as l10n from '@vscode/l10n';
import { type Connection, ResponseError } from 'vscode-languageserver/node';

import { readNamedContext } from '../../core/build/named-contexts.ts';
import { defaultBuildOptions } from '../../core/build/options.ts';
import { problemsOfBuild } from '../../core/build/reading-problems.ts';
import type { FileTree } from '../../core/context/file-tree.ts';
import { NaruError } from '../../core/errors.ts';
import { preview } from '../../core/preview/preview.ts';
import type { PreviewReport } from '../../core/preview/report.ts';
import type { PreviewResolver } from '../../core/preview/resolver.ts';
import { decodeCacheResolveAnswer } from '../../core/protocol/cache-resolve.ts';
import { decodeImageResolveAnswer } from '../../core/protocol/image-resolve.ts';
import {
  decodeLspBuildOptions,
  LSP_BUILD_OPTIONS,
  LSP_CACHE_RESOLVE,
  type LspCacheResolveParams,
  LSP_IMAGE_RESOLVE,
  LSP_NO_ENGINE,
  type LspImageResolveParams,
  type PreviewTrouble,
} from '../../core/protocol/lsp.ts';
import { epochOption } from '../../core/source-date-epoch.ts';
import type { Problem } from '../../core/source.ts';
import { type BuildContext, openBuildContext } from '../../local/build-context.ts';
import { HashPool } from '../../local/hash-pool.ts';
import { explainMissing } from '../../local/missing-source.ts';
import type { OpenDocument } from '../documents.ts';
import { type MissingSource, missingSource } from './missing-source.ts';

/** How long typing has to pause before files are looked at. */
const PAUSE_MS = 150;

/** What is known of one version of a document. */
export interface PreviewResult {
  readonly version: number;
  /** Absent when nothing can be said: no engine, nothing to build, a file that its own checks refuse. */
  readonly report?: PreviewReport;
  readonly problems: readonly Problem[];
  /** Name of the stage that the next build makes, where it is not the last one. */
  readonly target?: string;
  /** Of the file that the build stops for: where it is. */
  readonly missing?: MissingSource;
  /** Why there is no report. */
  readonly trouble?: PreviewTrouble;
}

interface Run {
  readonly controller: AbortController;
  readonly result: Promise<PreviewResult>;
  /** It waits for its pause to end, looks at the files, or is over. */
  readonly stage: () => 'waiting' | 'looking' | 'over';
  /** Something changed while it looked. */
  isStale: boolean;
  /** Since the process started. */
  readonly beganMs: number;
}

/** Who looks longer waits for an answer that does not come. */
const PATIENCE_MS = 10_000;

export class Previewer {
  readonly #connection: Connection;
  readonly #onResult: (document: OpenDocument, result: PreviewResult) => void;
  readonly #runs = new Map<string, Run>();
  readonly #contexts = new Map<string, Promise<BuildContext>>();
  readonly #hashPool = new HashPool();

  /** `onResult` is called for every finished run that was not overtaken. */
  constructor(connection: Connection, onResult: (document: OpenDocument, result: PreviewResult) => void) {
    this.#connection = connection;
    this.#onResult = onResult;
  }

  /** The result of the newest run, once it is done; undefined before the first. A run that is stopped while it is waited for does not count. */
  async latest(uri: string): Promise<PreviewResult | undefined> {
    for (;;) {
      const run = this.#runs.get(uri);
      if (run === undefined) return undefined;
      const result = await run.result;
      if (!run.controller.signal.aborted) return result;
    }
  }

  /** Looks at a new version, after a pause. `file` is the document's path. */
  refresh(document: OpenDocument, file: string): void {
    this.forget(document.uri);
    const controller = new AbortController();
    const { signal } = controller;
    let stage: ReturnType<Run['stage']> = 'waiting';
    const result = pause(signal).then(() => {
      stage = 'looking';
      return this.#run(document, file, signal);
    });
    const run: Run = { controller, result, stage: () => stage, isStale: false, beganMs: performance.now() };
    this.#runs.set(document.uri, run);
    // A run that was stopped has nothing to say, and one that failed says so itself.
    void result.then((value) => {
      stage = 'over';
      if (signal.aborted) return;
      this.#onResult(document, value);
      if (run.isStale) this.refresh(document, file);
    });
  }

  /** Looks at the same version again, as something that it was told may have changed. */
  lookAgain(document: OpenDocument, file: string): void {
    const run = this.#runs.get(document.uri);
    const stage = run?.stage() ?? 'over';
    if (stage === 'over' || (run !== undefined && performance.now() - run.beganMs > PATIENCE_MS))
      this.refresh(document, file);
    else if (run !== undefined && stage === 'looking') run.isStale = true;
  }

  forget(uri: string): void {
    this.#runs.get(uri)?.controller.abort();
    this.#runs.delete(uri);
  }

  async #run(document: OpenDocument, file: string, signal: AbortSignal): Promise<PreviewResult> {
    const { version } = document;
    try {
      // An engine that hangs must not hold what waits for a run that was stopped.
      const found = await Promise.race([this.#preview(document, file, signal), stopped(signal)]);
      return { version, ...found };
    } catch (error) {
      if (!signal.aborted) this.#connection.console.error(`preview: ${String(error)}`);
      return { version, problems: [], trouble: troubleOf(error) };
    }
  }

  async #preview(
    document: OpenDocument,
    file: string,
    signal: AbortSignal,
  ): Promise<Omit<PreviewResult, 'version'>> {
    if (signal.aborted) return { problems: [] };
    const { parsed, uri } = document;
    const answer = decodeLspBuildOptions(await this.#connection.sendRequest(LSP_BUILD_OPTIONS, { uri }), '');
    if (answer.platform === undefined) {
      return { problems: [], ...(answer.trouble === undefined ? {} : { trouble: answer.trouble }) };
    }
    const context = await this.#context(file, answer.contextDirectory);
    const lookedIn = { directory: context.directory.root, ...(await context.view()) };
    const buildArgs = new Map(Object.entries(answer.buildArgs));
    const options = {
      ...defaultBuildOptions(answer.platform),
      buildArgs,
      ...epochOption(buildArgs),
      buildContexts: new Map(Object.entries(answer.buildContexts ?? {})),
      ...(answer.target === undefined ? {} : { target: answer.target }),
    };
    const named = await this.#namedTrees(options.buildContexts);
    const previewed = await preview({
      dockerfile: parsed.value,
      file,
      project: context.project,
      options,
      contexts: (name) => (name === '' ? lookedIn.tree : named.get(name)),
      resolver: this.#resolver(),
      signal,
    });
    await context.directory.save();
    const { value } = previewed;
    const found = await explainMissing(previewed.problems, parsed.value, lookedIn);
    const skipped = value?.steps.filter(({ state }) => state === 'SKIPPED') ?? [];
    const problems = problemsOfBuild(parsed.problems, found, parsed.value, skipped);
    const target = answer.target === undefined ? {} : { target: answer.target };
    const refusal = problems.find(({ severity }) => severity === 'error');
    if (value !== undefined) {
      const { workspaceFolder } = answer;
      const places = { ...lookedIn, dockerfile: file, workspaceFolder };
      const missing = refusal && (await missingSource(parsed.value, refusal, places));
      return { problems, ...target, report: value, ...(missing && { missing }) };
    }
    return { problems, ...target, ...(refusal === undefined ? {} : { trouble: tellable(refusal) }) };
  }

  /** Of the named contexts that are folders, at this moment. */
  async #namedTrees(contexts: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, FileTree>> {
    const trees = new Map<string, FileTree>();
    for (const [name, value] of contexts) {
      const named = readNamedContext(value);
      if (named.kind !== 'directory') continue;
      const context = await this.#context(join(named.path, 'Dockerfile'), named.path);
      trees.set(name, (await context.view()).tree);
    }
    return trees;
  }

  /** Opened once: it keeps what is known of unchanged files. */
  #context(file: string, directory: string): Promise<BuildContext> {
    const key = `${file}\n${directory}`;
    const known = this.#contexts.get(key);
    if (known !== undefined) return known;
    const opening = openBuildContext(file, directory, { hashPool: this.#hashPool });
    this.#contexts.set(key, opening);
    opening.catch(() => this.#contexts.delete(key));
    return opening;
  }

  #resolver(): PreviewResolver {
    const connection = this.#connection;
    return {
      async resolveImage(reference, platform) {
        const params: LspImageResolveParams = { images: [{ reference, platform }], isLocalOnly: false };
        const answer = decodeImageResolveAnswer(await connection.sendRequest(LSP_IMAGE_RESOLVE, params), '');
        return answer.images[0];
      },
      async lookup(vertices) {
        const params: LspCacheResolveParams = { vertices };
        return decodeCacheResolveAnswer(await connection.sendRequest(LSP_CACHE_RESOLVE, params), '').lookups;
      },
    };
  }
}

function troubleOf(error: unknown): PreviewTrouble {
  if (error instanceof NaruError) return tellable(error);
  if (error instanceof ResponseError && error.code === LSP_NO_ENGINE) {
    const message = l10n.t(
      'No cache preview: the engine does not answer. Click here to connect to it again.',
    );
    return { code: 'E_NO_ENGINE', message };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return { code: 'E_PREVIEW', message: l10n.t('No cache preview: {0}', reason) };
}

function tellable({ code, message, hint }: NaruError | Problem): PreviewTrouble {
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}

function stopped(signal: AbortSignal): Promise<Omit<PreviewResult, 'version'>> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ problems: [] }), { once: true });
  });
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PAUSE_MS);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
