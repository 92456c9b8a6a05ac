/**
 * The engine that the user selected: connected when it is first needed, watched through its events, replaced when another is selected.
 * Views and previews follow `onDidChange`; nothing polls.
 */

import * as vscode from 'vscode';

import { NaruError } from '../../../core/errors.ts';
import type { Engine, EngineEvent } from './engine.ts';

export type EngineState =
  /** `lost`: it was connected, and went away. */
  | { readonly kind: 'stopped'; readonly lost?: NaruError }
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly engine: Engine }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Reaches the engine at an address such as `local` or `ssh://host`, starting or installing it when needed. */
export type ConnectEngine = (address: string, signal: AbortSignal) => Promise<Engine>;

/** An engine that was there for less is not connected to again without being asked. */
const MIN_LIFE_MS = 10_000;

export class EngineSession implements vscode.Disposable {
  readonly #connect: ConnectEngine;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<EngineState>();
  readonly #events = new vscode.EventEmitter<EngineEvent>();
  readonly #trust: vscode.Disposable;
  #state: EngineState = { kind: 'stopped' };
  #connecting: Promise<Engine> | undefined;
  #stop = new AbortController();

  /** Fired whenever `state` is another one. */
  readonly onDidChange = this.#changed.event;
  /** What happens on the engine. */
  readonly onEvent = this.#events.event;

  constructor(connect: ConnectEngine, log: vscode.LogOutputChannel) {
    this.#connect = connect;
    this.#log = log;
    // Of our own: where trust is switched off, the editor's key stays false although the workspace is trusted.
    void vscode.commands.executeCommand('setContext', 'naru.isUntrusted', !vscode.workspace.isTrusted);
    this.#trust = vscode.workspace.onDidGrantWorkspaceTrust(() => {
      void vscode.commands.executeCommand('setContext', 'naru.isUntrusted', false);
      this.#changed.fire(this.#state);
    });
  }

  get state(): EngineState {
    return this.#state;
  }

  /** Of the settings: where containers are built and run. */
  get address(): string {
    return vscode.workspace.getConfiguration('naru').get<string>('target') ?? 'local';
  }

  /** The engine, connected. Calls that come while it is being reached wait for the same attempt. @throws NaruError "forbidden" in a workspace that is not trusted */
  engine(): Promise<Engine> {
    if (!vscode.workspace.isTrusted) return Promise.reject(untrusted());
    if (this.#state.kind === 'running') return Promise.resolve(this.#state.engine);
    if (this.#connecting !== undefined) return this.#connecting;
    const attempt = this.#start().finally(() => {
      if (this.#connecting === attempt) this.#connecting = undefined;
    });
    this.#connecting = attempt;
    return attempt;
  }

  /** Leaves the engine that is connected; the next use connects to the one that is selected then. */
  disconnect(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    // An attempt for the old selection is nobody's answer any more.
    this.#connecting = undefined;
    if (this.#state.kind === 'running') this.#state.engine.close();
    this.#setState({ kind: 'stopped' });
  }

  dispose(): void {
    this.disconnect();
    this.#trust.dispose();
    this.#changed.dispose();
    this.#events.dispose();
  }

  async #start(): Promise<Engine> {
    const { signal } = this.#stop;
    this.#setState({ kind: 'starting' });
    this.#log.info(`connecting to ${this.address}`);
    try {
      const engine = await this.#connect(this.address, signal);
      if (signal.aborted) {
        engine.close();
        throw new NaruError('cancelled', 'E_TARGET_CHANGED', 'another engine was selected meanwhile');
      }
      this.#log.info(`connected to ${engine.name} (${engine.platform.os}/${engine.platform.architecture})`);
      this.#setState({ kind: 'running', engine });
      void this.#watch(engine, signal);
      return engine;
    } catch (error) {
      if (!signal.aborted) {
        this.#log.error(`${this.address}: ${String(error)}`);
        this.#setState({ kind: 'failed', error });
      }
      throw error;
    }
  }

  /** Ends when the engine goes away: then what leads to it is let go, and the next use connects again, unless it went away at once. */
  async #watch(engine: Engine, signal: AbortSignal): Promise<void> {
    const connectedAt = performance.now();
    let reason = vscode.l10n.t('it was ended');
    try {
      for await (const event of engine.events(signal)) this.#events.fire(event);
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    if (signal.aborted) return;
    this.#log.warn(`lost ${engine.name}: ${reason}`);
    engine.close();
    const message = vscode.l10n.t('{0} went away: {1}', engine.name, reason);
    const hint = vscode.l10n.t('containers go on without it; the next command connects again');
    const lost = new NaruError('unavailable', 'E_ENGINE_LOST', message, { hint });
    // The preview connects by itself: an engine that ends as soon as it runs must not be started for ever.
    const isShort = performance.now() - connectedAt < MIN_LIFE_MS;
    this.#setState(isShort ? { kind: 'failed', error: lost } : { kind: 'stopped', lost });
  }

  #setState(state: EngineState): void {
    this.#state = state;
    void vscode.commands.executeCommand('setContext', 'naru.engineState', state.kind);
    this.#changed.fire(state);
  }
}

function untrusted(): NaruError {
  const message = vscode.l10n.t('this workspace is not trusted: nothing is built or run from it');
  return new NaruError('forbidden', 'E_UNTRUSTED', message);
}
