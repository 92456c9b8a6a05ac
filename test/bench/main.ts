/**
 * Figures beside the peers found on this machine: `npm run bench -- [--quick] [--record] [--rounds N] [--build-rounds N] [containers|builds|steps|memory|editor|lint …]`.
 * Runs alternate between the sides; what counts is the ratio of the medians, because machines and their neighbours differ.
 * Needs root on Linux for the engines. A dockerd is looked for in NARU_BENCH_DOCKERD, then on PATH.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { benchBuilds, benchSteps } from './cases/builds.ts';
import { benchContainers } from './cases/containers.ts';
import { benchLanguageServers } from './cases/language-servers.ts';
import { benchLint } from './cases/lint.ts';
import { benchMemory, type MemoryFigure } from './cases/memory.ts';
import { type BenchEngine, findDockerd, startDockerd, startNaru } from './engines.ts';
import type { Figure } from './figures.ts';
import { runCommand } from './measure.ts';
import type { BenchPlan } from './plan.ts';
import { recordReport, renderFigure, renderReport } from './report.ts';
import { busyboxArchive } from '../../scripts/base-images.ts';

const ENGINE_PARTS = ['memory', 'containers', 'steps', 'builds'];
const PARTS = [...ENGINE_PARTS, 'editor', 'lint'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    'build-rounds': { type: 'string' },
  },
});
const unknown = positionals.find((part) => !PARTS.includes(part));
if (unknown !== undefined) {
  console.error(`no part is called ${unknown}; known: ${PARTS.join(', ')}`);
  process.exit(2);
}
const wanted = new Set(positionals.length > 0 ? positionals : PARTS);
const nRounds = Number(values.rounds ?? (values.quick ? 5 : 20));
const nBuildRounds = Number(values['build-rounds'] ?? nRounds);
const folder = mkdtempSync(join(tmpdir(), 'naru-bench-projects-'));
const facts: string[] = [
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, Linux ${release()}, load ${loadavg()[0]?.toFixed(1)} at the start`,
];
const figures: Figure[] = [];
const memory: MemoryFigure[] = [];
try {
  build();
  if (ENGINE_PARTS.some((part) => wanted.has(part))) await benchEngines();
  if (wanted.has('editor')) tell(await benchLanguageServers(folder, nRounds * 2));
  if (wanted.has('lint')) tell(await benchLint(nRounds));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const report = renderReport({ facts, figures, memory });
console.log(`\n${report}`);
if (values.record) recordReport(report);

function build(): void {
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, '../../scripts/build.ts')], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

async function benchEngines(): Promise<void> {
  const dockerdPath = findDockerd();
  const naru = await startNaru(dockerdPath);
  let dockerd: BenchEngine | undefined;
  try {
    dockerd = await startDockerd();
    facts.push(`naru ${naru.version} on Node ${process.versions.node}`);
    facts.push(dockerd === undefined ? 'no dockerd found' : `dockerd ${dockerd.version}`);
    const archive = await busyboxArchive();
    for (const engine of [naru, dockerd]) {
      if (engine !== undefined) runCommand(engine.docker(['load', '-i', archive]));
    }
    await benchAll({ naru, dockerd, nRounds, folder });
  } finally {
    await dockerd?.stop();
    await naru.stop();
  }
}

async function benchAll(plan: BenchPlan): Promise<void> {
  // First: it reads the largest size a process ever had.
  if (wanted.has('memory') && !values.quick) memory.push(...benchMemory(plan));
  if (wanted.has('containers')) tell(await benchContainers(plan));
  if (wanted.has('steps')) tell(await benchSteps(plan));
  if (wanted.has('builds')) tell(await benchBuilds(plan, nBuildRounds));
}

/** Each figure as soon as it is there. */
function tell(news: readonly Figure[]): void {
  for (const figure of news) console.log(renderFigure(figure));
  figures.push(...news);
}
