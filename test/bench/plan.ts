/** What every case of the bench is given. */

import type { BenchEngine, NaruUnderBench } from './engines.ts';

export interface BenchPlan {
  readonly naru: NaruUnderBench;
  readonly dockerd: BenchEngine | undefined;
  readonly nRounds: number;
  /** For projects; removed at the end. */
  readonly folder: string;
}
