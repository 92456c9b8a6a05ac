/** Starting a container: from the command to its output and its removal. */

import { alternate, type Figure } from '../figures.ts';
import type { BenchEngine, NaruUnderBench } from '../engines.ts';
import { measure } from '../measure.ts';
import type { BenchPlan } from '../plan.ts';

/** `run --rm busybox echo hi` bridged and without network, by docker's client and by ours. */
export async function benchContainers({ naru, dockerd, nRounds }: BenchPlan): Promise<readonly Figure[]> {
  const bridged = ['run', '--rm', 'busybox', 'echo', 'hi'];
  const alone = ['run', '--rm', '--network', 'none', 'busybox', 'echo', 'hi'];
  const figures: Figure[] = [];
  for (const [args, what] of [
    [bridged, '`run --rm busybox echo hi`, bridged'],
    [alone, '`run --rm --network none busybox echo hi`'],
  ] as const) {
    const peers = dockerd === undefined ? [] : [dockerSide(dockerd, args)];
    const ours = [dockerSide(naru, args), ...peers];
    figures.push({ what: `${what}, docker's client`, sides: await alternate(ours, { nRounds }), wish: 0.3 });
    const own = [naruSide(naru, args), ...peers];
    figures.push({ what: `${what}, \`naru\``, sides: await alternate(own, { nRounds }), wish: 0.3 });
  }
  return figures;
}

function dockerSide(engine: BenchEngine, args: readonly string[]) {
  const command = { ...engine.docker(args), expects: 'hi' };
  return { name: engine.name, run: () => measure(command, engine.pids()) };
}

function naruSide(engine: NaruUnderBench, args: readonly string[]) {
  const command = { ...engine.naru(args), expects: 'hi' };
  return { name: engine.name, run: () => measure(command, engine.pids()) };
}
