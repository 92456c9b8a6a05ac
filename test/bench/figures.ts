/** What a bench measures and how two sides are compared: alternating runs, medians, ratios. */

export interface Sample {
  readonly wallMs: number;
  /** Of the client process and what it waited for. */
  readonly clientCpuMs: number;
  /** Of the engine's own processes and the children they waited for; undefined where there is no engine. */
  readonly engineCpuMs?: number;
}

export interface Side {
  readonly name: string;
  /** One measured run. */
  readonly run: () => Sample | Promise<Sample>;
}

export interface Figure {
  readonly what: string;
  /** Ours, then the peer's where one was found. */
  readonly sides: readonly { readonly name: string; readonly samples: readonly Sample[] }[];
  /** The ratio of medians we want at most. */
  readonly wish?: number;
}

export interface Rounds {
  readonly nRounds: number;
  /** Before each round, not measured. */
  readonly before?: (round: number) => void | Promise<void>;
}

/** Runs the sides by turns, in the other order every second round, so that a machine that slows down slows both. */
export async function alternate(sides: readonly Side[], rounds: Rounds): Promise<Figure['sides']> {
  const samples = sides.map((): Sample[] => []);
  for (let round = 0; round < rounds.nRounds; round += 1) {
    await rounds.before?.(round);
    const order = [...sides.keys()];
    for (const index of round % 2 === 0 ? order : order.toReversed()) {
      const sample = await sides[index]?.run();
      if (sample !== undefined) samples[index]?.push(sample);
    }
  }
  return sides.map(({ name }, index) => ({ name, samples: samples[index] ?? [] }));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

export function medianWallMs(samples: readonly Sample[]): number {
  return median(samples.map(({ wallMs }) => wallMs));
}

/** Mean, because CPU time comes in ticks of 10 ms. */
export function meanCpuMs(samples: readonly Sample[]): number {
  const total = samples.reduce(
    (sum, { clientCpuMs, engineCpuMs }) => sum + clientCpuMs + (engineCpuMs ?? 0),
    0,
  );
  return total / samples.length;
}
