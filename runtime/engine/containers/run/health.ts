/** Health checks (`HEALTHCHECK`): runs the test in the container at its interval and keeps the last results. */

import type { HealthcheckConfig } from '../../../../core/oci/image-config.ts';
import type { ContainerEntry } from '../container-entry.ts';
import { publishContainer } from '../container-events.ts';
import type { ContainerState, HealthResult, HealthState } from '../container.ts';
import type { ContainerParts } from '../parts.ts';
import { runProbe } from '../streams/exec-run.ts';

const NS_PER_MS = 1_000_000;
const MAX_RESULTS = 5;
const SHELL = ['/bin/sh', '-c'];

interface Schedule {
  readonly test: readonly string[];
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly startPeriodMs: number;
  readonly startIntervalMs: number;
  readonly retries: number;
}

/** Starts checking when the container has a test; the companion ends with the run. */
export function beginHealth(parts: ContainerParts, entry: ContainerEntry): void {
  const schedule = scheduleOf(entry.record.config.healthcheck, entry.record.config.shell);
  if (schedule === undefined) return;
  entry.changeState({ health: { status: 'starting', failingStreak: 0, log: [] } });
  entry.companions.add(new HealthMonitor(parts, entry, schedule));
}

/** Docker's defaults: 30 s, 30 s, no start period, 5 s within it, 3 retries. Undefined when there is nothing to run. */
export function scheduleOf(
  check: HealthcheckConfig | undefined,
  shell: readonly string[] | undefined,
): Schedule | undefined {
  const [kind, ...words] = check?.Test ?? [];
  if (check === undefined || kind === undefined || kind === 'NONE' || words.length === 0) return undefined;
  return {
    test: kind === 'CMD-SHELL' ? [...(shell ?? SHELL), ...words] : words,
    intervalMs: toMs(check.Interval, 30_000),
    timeoutMs: toMs(check.Timeout, 30_000),
    startPeriodMs: toMs(check.StartPeriod, 0),
    startIntervalMs: toMs(check.StartInterval, 5_000),
    retries: check.Retries === undefined || check.Retries === 0 ? 3 : check.Retries,
  };
}

/** The state after one more result. Failures in the start period do not count until it was healthy once. */
export function nextHealth(
  before: HealthState,
  result: HealthResult,
  rules: { readonly retries: number; readonly isInStartPeriod: boolean },
): HealthState {
  const log = [...before.log, result].slice(-MAX_RESULTS);
  if (result.exitCode === 0) return { status: 'healthy', failingStreak: 0, log };
  if (rules.isInStartPeriod && before.status === 'starting') return { ...before, log };
  const failingStreak = before.failingStreak + 1;
  return { status: failingStreak >= rules.retries ? 'unhealthy' : before.status, failingStreak, log };
}

/** Docker: nobody checks one that is paused or has ended, which is called unhealthy, without an event (dockerd 28.5.2, measured). */
export function unwatchedHealth({ health }: Pick<ContainerState, 'health'>): Pick<ContainerState, 'health'> {
  return health === undefined ? {} : { health: { ...health, status: 'unhealthy' } };
}

class HealthMonitor {
  private readonly parts: ContainerParts;
  private readonly entry: ContainerEntry;
  private readonly schedule: Schedule;
  private readonly ended = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  constructor(parts: ContainerParts, entry: ContainerEntry, schedule: Schedule) {
    this.parts = parts;
    this.entry = entry;
    this.schedule = schedule;
    this.plan();
  }

  close(): void {
    clearTimeout(this.timer);
    this.ended.abort();
  }

  private plan(): void {
    const { intervalMs, startIntervalMs } = this.schedule;
    const isQuick = this.isInStartPeriod && this.entry.state.health?.status === 'starting';
    this.timer = setTimeout(() => void this.check(), isQuick ? startIntervalMs : intervalMs);
  }

  private get isInStartPeriod(): boolean {
    const startedAt = this.entry.state.startedAt?.getTime() ?? 0;
    return Date.now() - startedAt < this.schedule.startPeriodMs;
  }

  /** Never rejects: a probe that cannot be run is a failed probe. */
  private async check(): Promise<void> {
    // A paused one is unhealthy until it goes on and is found well.
    if (this.entry.state.status === 'running') await this.probe();
    if (!this.ended.signal.aborted) this.plan();
  }

  private async probe(): Promise<void> {
    const { test, timeoutMs, retries } = this.schedule;
    const startedAt = new Date();
    const probe = await runProbe(this.parts, this.entry, test, timeoutMs, this.ended.signal).catch(
      (error: unknown) => ({ exitCode: -1, output: error instanceof Error ? error.message : String(error) }),
    );
    const before = this.entry.state.health;
    // One that was paused meanwhile is judged by its next probe.
    if (this.ended.signal.aborted || before === undefined || this.entry.state.status !== 'running') return;
    const result: HealthResult = { startedAt, endedAt: new Date(), ...probe };
    const health = nextHealth(before, result, { retries, isInStartPeriod: this.isInStartPeriod });
    this.entry.changeState({ health });
    if (health.status !== before.status) {
      publishContainer(this.parts.events, this.entry, `health_status: ${health.status}`);
    }
  }
}

function toMs(ns: number | undefined, fallbackMs: number): number {
  return ns === undefined || ns === 0 ? fallbackMs : Math.max(1, Math.round(ns / NS_PER_MS));
}
