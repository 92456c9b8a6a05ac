/**
 * The engine that the user selected: connected when it is first needed, watched through its events, replaced when another is selected.
 * Views and previews follow `onDidChange`; nothing polls.
 */

import * as vscode from 'vscode';

import { NaruError } from '../../../core/errors.ts';
import type { Engine, EngineEvent } from './engine.ts';

export type EngineState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly engine: Engine }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Reaches the engine at an address such as `local` or `ssh://host`, starting or installing it when needed. */
export type ConnectEngine = (address: string, signal: AbortSignal) => Promise<Engine>;

export class EngineSession implements vscode.Disposable {
  readonly #connect: ConnectEngine;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<EngineState>();
  readonly #events = new vscode.EventEmitter<EngineEvent>();
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
  }

  get state(): EngineState {
    return this.#state;
  }

  /** Of the settings: where containers are built and run. */
  get address(): string {
    return vscode.workspace.getConfiguration('naru').get<string>('target') ?? 'local';
  }

  /** The engine, connected. Calls that come while it is being reached wait for the same attempt. */
  engine(): Promise<Engine> {
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

  /** Ends when the engine goes away: then the next use connects again. */
  async #watch(engine: Engine, signal: AbortSignal): Promise<void> {
    try {
      for await (const event of engine.events(signal)) this.#events.fire(event);
      if (!signal.aborted) this.#setState({ kind: 'stopped' });
    } catch (error) {
      if (signal.aborted) return;
      this.#log.warn(`lost ${engine.name}: ${String(error)}`);
      this.#setState({ kind: 'failed', error });
    }
  }

  #setState(state: EngineState): void {
    this.#state = state;
    void vscode.commands.executeCommand('setContext', 'naru.engineState', state.kind);
    this.#changed.fire(state);
  }
}
