/**
 * Records BuildKit's answers: `DOCKER_HOST=… node test/conformance/record.ts [--all] [DOCKER [REGEX]]`.
 * DOCKER is a docker CLI with buildx, REGEX names tables or cases. Cases that did not change are not asked again without `--all`.
 * The daemon must share this process's loopback, so that both reach the same server.
 * It is asked the cases of its image store alone: run this once with the containerd store (`dockerd --feature containerd-snapshotter=true`) and once without.
 */

import { busyboxArchive } from '../../scripts/base-images.ts';
import { CASE_TABLES } from './cases/index.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { askedOf, type Golden, readGoldens, writeGoldens } from './goldens.ts';
import { startOrigin } from './origin.ts';
import { type Bed, baseTree, buildWithDocker, run } from './outcome.ts';

await main();

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const isAll = args.includes('--all');
  const [docker = 'docker', pattern = ''] = args.filter((arg) => arg !== '--all');
  const loaded = await run(docker, ['load', '-i', await busyboxArchive()], '.', '');
  if (loaded.status !== 0) throw new Error(loaded.stderr);
  const origin = await startOrigin();
  const store = await storeOf(docker);
  const base = await baseTree((await run(docker, ['save', 'busybox:latest'], '.', '')).stdout);
  const bed: Bed = { origin, base };
  for (const [table, cases] of CASE_TABLES) {
    const known = isAll ? new Map<string, Golden>() : new Map(readGoldens(table));
    const wanted = new RegExp(pattern);
    for (const name of known.keys()) if (!cases.some((one) => one.name === name)) known.delete(name);
    const todo = cases.filter(
      (one) =>
        one.store === store &&
        wanted.test(`${table}: ${one.name}`) &&
        (pattern !== '' || known.get(one.name)?.asked !== askedOf(one)),
    );
    const nTodo = todo.length;
    await Promise.all([record(docker, todo, bed, known), record(docker, todo, bed, known)]);
    writeGoldens(table, known);
    console.log(`${table}: ${nTodo} recorded, ${known.size} in all`);
  }
  await origin.close();
}

async function storeOf(docker: string): Promise<ConformanceCase['store']> {
  const { stdout } = await run(docker, ['info', '-f', '{{json .DriverStatus}}'], '.', '');
  return stdout.includes('io.containerd.snapshotter') ? 'containerd' : undefined;
}

/** Takes cases from the front until there are none. */
async function record(
  docker: string,
  todo: ConformanceCase[],
  bed: Bed,
  known: Map<string, Golden>,
): Promise<void> {
  for (;;) {
    const one = todo.shift();
    if (one === undefined) return;
    try {
      known.set(one.name, { asked: askedOf(one), outcome: await buildWithDocker(docker, one, bed) });
    } catch (error) {
      console.error(`${one.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
