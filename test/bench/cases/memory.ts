/** What an engine needs at most for a context of 2 GB, all of it new. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { peakMemoryMb, runCommand } from '../measure.ts';
import type { BenchPlan } from '../plan.ts';
import { writeHugeContext } from '../project.ts';

export interface MemoryFigure {
  readonly name: string;
  readonly peakMb: number;
}

/** Largest resident size of each engine's main process since it started, after the build. */
export function benchMemory({ naru, dockerd, folder }: BenchPlan): readonly MemoryFigure[] {
  const project = join(folder, 'huge');
  mkdirSync(project, { recursive: true });
  writeHugeContext(project);
  runCommand(naru.naru(['build', '-q', '-t', 'huge', project]));
  const figures = [{ name: naru.name, peakMb: peakMemoryMb(naru.pids()[0] ?? 0) }];
  runCommand(naru.docker(['rmi', 'huge']));
  if (dockerd === undefined) return figures;
  runCommand(dockerd.docker(['buildx', 'build', '-q', '-t', 'huge', project]));
  figures.push({ name: dockerd.name, peakMb: peakMemoryMb(dockerd.pids()[0] ?? 0) });
  runCommand(dockerd.docker(['rmi', 'huge']));
  return figures;
}
