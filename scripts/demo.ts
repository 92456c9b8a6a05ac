/**
 * `npm run demo`: the whole product on one small project, on real parts, from a bare checkout.
 * Before each build the preview is printed; afterwards it is compared, step by step, with what the build did, and both with what a right builder must do.
 * Exit code 1 as soon as one step differs; whatever happens, nothing is left behind.
 */

import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { compare } from './demo/compare.ts';
import { EDITS } from './demo/edits.ts';
import { startEngine, type DemoEngine } from './demo/engine.ts';
import { makeBases } from './demo/bases.ts';
import { heading, say } from './demo/output.ts';
import { fetchPage } from './demo/page.ts';
import { leftovers, newLeftovers } from './leftovers.ts';
import { prepareDemo } from './prepare.ts';

await main();

async function main(): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    console.error(
      'the demo runs containers on this machine: it needs Linux and root (try: sudo npm run demo)',
    );
    process.exit(2);
  }
  const startedAt = performance.now();
  prepareDemo();
  const before = leftovers();
  const folder = mkdtempSync(join(tmpdir(), 'naru-demo-'));
  const marks = [folder];
  let differences = 0;
  try {
    differences = await runIn(folder, marks);
  } catch (error) {
    console.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
    differences += 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const left = await newLeftovers(before, marks);
  for (const item of left) console.error(`left behind: ${item}`);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  const isGood = differences === 0 && left.length === 0;
  heading(
    isGood
      ? `the preview was right every time (${seconds} s)`
      : `the demo found ${differences + left.length} differences (${seconds} s)`,
  );
  process.exit(isGood ? 0 : 1);
}

/** Answers the number of differences; adds to `marks` what names of this engine's things contain. */
async function runIn(folder: string, marks: string[]): Promise<number> {
  const project = join(folder, 'project');
  cpSync(join(import.meta.dirname, 'demo', 'project'), project, { recursive: true });
  heading('an engine of its own, in a temporary folder');
  const engine = await startEngine(folder);
  marks.push(
    readFileSync(join(folder, 'root', 'engine-id'), 'utf8')
      .replaceAll('-', '')
      .slice(0, 8),
  );
  try {
    await makeBases(engine, folder);
    heading('lint');
    say(engine.naru(['lint', '--no-fail', join(project, 'Dockerfile')]));
    let differences = 0;
    for (const edit of EDITS) differences += await buildOnce(engine, project, edit);
    differences += await runContainer(engine);
    return differences;
  } finally {
    await engine.stop();
  }
}

async function buildOnce(engine: DemoEngine, project: string, edit: (typeof EDITS)[number]): Promise<number> {
  heading(`change: ${edit.title}`);
  const args = [...edit.apply(project), project];
  say(engine.naru(['preview', ...args], [0, 1]));
  const preview = engine.naru(['preview', '--json', ...args], [0, 1]);
  const build = engine.naru(['build', '--progress', 'json', '-t', 'naru-demo', ...args]);
  const { differences, nSteps, nRun } = compare(preview, build, edit.runs);
  for (const difference of differences) console.error(`DIFFERENT: ${difference}`);
  const page = engine.naru(['run', '--rm', 'naru-demo', 'cat', '/www/index.html']);
  const isStale = !page.includes(edit.page);
  if (isStale) console.error(`STALE: the page lacks ${JSON.stringify(edit.page)}:\n${page}`);
  say(
    `built: ${nRun} of ${nSteps} steps ran; ${differences.length === 0 ? 'as the preview said' : 'NOT as the preview said'}`,
  );
  return differences.length + (isStale ? 1 : 0);
}

async function runContainer(engine: DemoEngine): Promise<number> {
  heading('run it, and fetch the page');
  const id = engine.naru(['run', '-d', '--name', 'demo', '-p', '127.0.0.1:0:80', 'naru-demo']).trim();
  const port = engine.naru(['port', 'demo', '80']).trim().split(':').at(-1) ?? '';
  const page = await fetchPage(`http://127.0.0.1:${port}/`);
  say(`container ${id.slice(0, 12)} answers on 127.0.0.1:${port}:\n${page.trim()}`);
  say(engine.naru(['ps']));
  engine.naru(['stop', '-t', '1', 'demo']);
  engine.naru(['rm', 'demo']);
  return page.includes('naru demo 2') ? 0 : 1;
}
