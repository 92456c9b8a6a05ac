/** Builds: the 20,000-file project cached, edited and from nothing, and 30 steps that do nothing. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { BenchEngine, NaruUnderBench } from '../engines.ts';
import { alternate, type Figure, type Side } from '../figures.ts';
import { type Command, measure, runCommand } from '../measure.ts';
import type { BenchPlan } from '../plan.ts';
import { editLargeProject, writeLargeProject, writeStepsProject } from '../project.ts';

/** Old results are thrown away after so many rounds, for the disk's sake. */
const ROUNDS_BETWEEN_PRUNES = 5;

/** `nRunRounds`: of the builds that run steps, which take half a minute each. */
export async function benchBuilds(plan: BenchPlan, nRunRounds: number): Promise<readonly Figure[]> {
  const { naru, dockerd, nRounds } = plan;
  const project = join(plan.folder, 'large');
  mkdirSync(project, { recursive: true });
  writeLargeProject(project);
  const cached = sidesOf(plan, ['--network', 'none', project]);
  const clean = sidesOf(plan, ['--network', 'none', '--no-cache', project]);
  function pruneAt(round: number): void {
    if (round > 0 && round % ROUNDS_BETWEEN_PRUNES === 0) prune(naru, dockerd);
  }
  function prime(): void {
    for (const { command } of cached) runCommand(command);
  }
  prime();
  const figures: Figure[] = [];
  const what = '20,000 files, 178 MB, three stages';
  figures.push({ what: `${what}: nothing changed`, wish: 0.25, sides: await alternate(cached, { nRounds }) });
  const edited = await alternate(cached, {
    nRounds: nRunRounds,
    before: (round) => {
      pruneAt(round);
      if (round % ROUNDS_BETWEEN_PRUNES === 0) prime();
      editLargeProject(project, round);
    },
  });
  figures.push({ what: `${what}: one source file edited`, wish: 0.4, sides: edited });
  const anew = await alternate(clean, { nRounds: nRunRounds, before: pruneAt });
  figures.push({ what: `${what}: \`--no-cache\``, wish: 0.6, sides: anew });
  return figures;
}

/** Each step runs; nothing is cached. */
export async function benchSteps(plan: BenchPlan): Promise<readonly Figure[]> {
  const project = join(plan.folder, 'steps');
  writeStepsProject(project, -1);
  const sides = sidesOf(plan, ['--network', 'none', project]);
  const measured = await alternate(sides, {
    nRounds: plan.nRounds,
    before: (round) => writeStepsProject(project, round),
  });
  return [{ what: '30 `RUN` steps that do nothing', wish: 0.4, sides: measured }];
}

function sidesOf(
  { naru, dockerd }: BenchPlan,
  args: readonly string[],
): readonly (Side & { command: Command })[] {
  const ours = side(naru, naru.naru(['build', '-q', '-t', 'bench', ...args]));
  if (dockerd === undefined) return [ours];
  return [ours, side(dockerd, dockerd.docker(['buildx', 'build', '-q', '-t', 'bench', ...args]))];
}

function side(engine: BenchEngine, command: Command): Side & { command: Command } {
  const expecting = { ...command, expects: 'sha256:' };
  return { name: engine.name, command, run: () => measure(expecting, engine.pids()) };
}

function prune(naru: NaruUnderBench, dockerd: BenchEngine | undefined): void {
  runCommand(naru.docker(['image', 'prune', '-f']));
  runCommand({
    ...naru.docker(['builder', 'prune', '-af']),
    env: { ...naru.docker([]).env, DOCKER_BUILDKIT: '0' },
  });
  if (dockerd === undefined) return;
  runCommand(dockerd.docker(['image', 'prune', '-f']));
  runCommand(dockerd.docker(['builder', 'prune', '-af']));
}
