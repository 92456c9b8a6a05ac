/**
 * The editor's side of the cache preview: answers what the language server asks about the engine, and tells it when to look again.
 * File events are only a hint to look; what is said afterwards rests on the files themselves.
 */

import * as vscode from 'vscode';
import { type LanguageClient, ResponseError } from 'vscode-languageclient/node';

import { NaruError } from '../../../core/errors.ts';
import {
  LSP_BUILD_OPTIONS,
  LSP_CACHE_RESOLVE,
  LSP_IMAGE_RESOLVE,
  LSP_NO_ENGINE,
  LSP_PREVIEW_REFRESH,
  type LspBuildOptionsParams,
  type LspBuildOptionsResult,
  type LspCacheResolveParams,
  type LspImageResolveParams,
  type PreviewTrouble,
} from '../../../core/protocol/lsp.ts';
import { encodeImageResolveAnswer } from '../../../core/protocol/image-resolve.ts';
import { buildSettingsOf } from '../build/document-build.ts';
import type { Engine } from '../engine/engine.ts';
import type { EngineSession } from '../engine/session.ts';
import { errorText } from '../ui/errors.ts';
import { type Calm, calm } from './calm.ts';

/** A save touches several files; the server is told once. What writes a log into the folder must not keep it from being told. */
const PATIENCE = { pauseMs: 300, limitMs: 2000 };

/** LSP's RequestFailed: the engine answered, and could not do it. */
const REQUEST_FAILED = -32_803;

export class PreviewClient implements vscode.Disposable {
  readonly #client: LanguageClient;
  readonly #session: EngineSession;
  readonly #subscriptions: vscode.Disposable[];
  readonly #looking: Calm;

  constructor(client: LanguageClient, session: EngineSession) {
    this.#client = client;
    this.#session = session;
    this.#looking = calm(() => {
      if (this.#client.isRunning()) void this.#client.sendNotification(LSP_PREVIEW_REFRESH);
    }, PATIENCE);
    const watcher = vscode.workspace.createFileSystemWatcher('**/*');
    const look = (): void => this.refresh();
    this.#subscriptions = [
      client.onRequest(LSP_BUILD_OPTIONS, (params: LspBuildOptionsParams) => this.#answerOptions(params)),
      client.onRequest(LSP_CACHE_RESOLVE, (params: LspCacheResolveParams) => {
        return this.#ask((engine) => engine.resolveCache(params));
      }),
      client.onRequest(LSP_IMAGE_RESOLVE, (params: LspImageResolveParams) => {
        return this.#ask(async (engine) => encodeImageResolveAnswer(await engine.resolveImages(params)));
      }),
      watcher,
      watcher.onDidChange(look),
      watcher.onDidCreate(look),
      watcher.onDidDelete(look),
      session.onDidChange(look),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('naru.builds')) look();
      }),
      vscode.window.onDidChangeWindowState((state) => {
        if (state.focused) look();
      }),
    ];
  }

  /** Has the open Dockerfiles looked at again, soon. */
  refresh(): void {
    this.#looking.stir();
  }

  dispose(): void {
    this.#looking.cancel();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** An engine that is not there yet is started; one that failed is not tried again at every keystroke. */
  async #answerOptions({ uri }: LspBuildOptionsParams): Promise<LspBuildOptionsResult> {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
    let settings: LspBuildOptionsResult;
    try {
      settings = { ...buildSettingsOf(document), ...otherContext(document) };
    } catch (error) {
      return { contextDirectory: '', buildArgs: {}, trouble: troubleOf(error) };
    }
    const { state } = this.#session;
    if (state.kind === 'failed') return { ...settings, trouble: troubleOf(state.error) };
    if (!vscode.workspace.isTrusted) {
      const message = vscode.l10n.t('No cache preview in a workspace that is not trusted');
      return { ...settings, trouble: { code: 'E_UNTRUSTED', message } };
    }
    try {
      const { platform } = await this.#session.engine();
      return { ...settings, platform };
    } catch (error) {
      return { ...settings, trouble: troubleOf(error) };
    }
  }

  async #ask<T>(ask: (engine: Engine) => Promise<T>): Promise<T | ResponseError> {
    const { state } = this.#session;
    if (state.kind !== 'running') return new ResponseError(LSP_NO_ENGINE, 'no engine is connected');
    try {
      return await ask(state.engine);
    } catch (error) {
      const isGone = error instanceof NaruError && error.kind === 'unavailable';
      return new ResponseError(isGone ? LSP_NO_ENGINE : REQUEST_FAILED, errorText(error));
    }
  }
}

function otherContext(document: vscode.TextDocument): Pick<LspBuildOptionsResult, 'workspaceFolder'> {
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  return folder === undefined ? {} : { workspaceFolder: folder.uri.fsPath };
}

function troubleOf(error: unknown): PreviewTrouble {
  return { code: 'E_NO_ENGINE', message: vscode.l10n.t('No cache preview: {0}', errorText(error)) };
}
