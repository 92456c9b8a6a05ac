/** One container in the memory of the engine: its record, who waits for it, and what runs beside it. */

import { NaruError } from '../../../core/errors.ts';
import type { AttachStream } from './streams/attach-stream.ts';
import type { ExecEntry } from './streams/exec-entry.ts';
import type { ContainerId, ContainerRecord, ContainerState } from './container.ts';
import type { WaitCondition, WaitResult } from './requests.ts';

/** Something that works while the container runs and is closed when it ends. */
export interface Companion {
  close(): void;
}

interface Waiter {
  readonly condition: WaitCondition;
  readonly resolve: (result: WaitResult) => void;
}

export class ContainerEntry {
  readonly execs = new Map<string, ExecEntry>();
  /** Sessions opened before the container started. */
  readonly pendingSessions = new Set<AttachStream>();
  /** Health checks, and what watches the monitor. */
  readonly companions = new Set<Companion>();
  /** Who needs the root file system mounted. */
  readonly rootfsHolders = new Set<symbol>();
  /** Names of those that this run has mounted. */
  readonly mountedVolumes = new Set<string>();
  /** The end of the current run was asked for; restart policies keep out. */
  isStopping = false;
  /** A restart by the user: `--rm` waits for a later end. */
  keepsAfterExit = false;
  restartTimer: NodeJS.Timeout | undefined;
  /** How many restarts in a row ended early; sets the pause before the next. */
  nQuickExits = 0;
  private current: ContainerRecord;
  private readonly save: (record: ContainerRecord) => void;
  private readonly waiters = new Set<Waiter>();
  private tail: Promise<unknown> = Promise.resolve();

  constructor(record: ContainerRecord, save: (record: ContainerRecord) => void) {
    this.current = record;
    this.save = save;
  }

  get record(): ContainerRecord {
    return this.current;
  }

  get id(): ContainerId {
    return this.current.id;
  }

  get state(): ContainerState {
    return this.current.state;
  }

  /** There is a main process. */
  get isRunning(): boolean {
    return this.state.status === 'running' || this.state.status === 'paused';
  }

  /** Changes the record here and in the store. */
  change(patch: Partial<ContainerRecord>): void {
    this.current = { ...this.current, ...patch };
    this.save(this.current);
  }

  /** As `change`, when a field is to go. */
  replace(record: ContainerRecord): void {
    this.current = record;
    this.save(record);
  }

  changeState(patch: Partial<ContainerState>): void {
    this.change({ state: { ...this.state, ...patch } });
  }

  /** One at a time, in order of the calls. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.tail.then(work, work);
    this.tail = result.catch(() => undefined);
    return result;
  }

  /** Resolves when `tell` reports the condition. */
  waitFor(condition: WaitCondition, signal?: AbortSignal): Promise<WaitResult> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        condition,
        resolve: (result) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(result);
        },
      };
      const onAbort = (): void => {
        this.waiters.delete(waiter);
        reject(
          new NaruError('cancelled', 'E_WAIT_CANCELLED', `nobody waits for container ${this.id} any more`),
        );
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.waiters.add(waiter);
    });
  }

  /** Wakes those who wait for one of the conditions. */
  tell(conditions: readonly WaitCondition[]): void {
    const { exitCode, error } = this.state;
    for (const waiter of this.waiters) {
      if (!conditions.includes(waiter.condition)) continue;
      this.waiters.delete(waiter);
      // Docker: a failed start is told by the start itself; docker run prints what a wait says besides as a second error.
      const isFailed = error !== '' && waiter.condition === 'not-running';
      waiter.resolve({ exitCode, ...(isFailed ? { error } : {}) });
    }
  }

  closeCompanions(): void {
    for (const companion of this.companions) companion.close();
    this.companions.clear();
  }
}
