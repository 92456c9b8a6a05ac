/**
 * Every case built by Naru's engine and compared with what BuildKit of dockerd 28.5.2 made of it (goldens/, recorded by record.ts).
 * One engine for all, two builds at a time. What differs and may is listed in accepted.ts and explained in docs/conformance.md.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { removeCgroup } from '../../runtime/oci-runtime/cgroup-removal.ts';
import { busyboxArchive } from '../../scripts/base-images.ts';
import { startEngine } from '../support/engine.ts';
import { requireRoot } from '../support/skip.ts';
import { ACCEPTED } from './accepted.ts';
import { CASE_TABLES } from './cases/index.ts';
import type { ConformanceCase, Outcome } from './conformance-case.ts';
import { differences } from './differences.ts';
import { askedOf, readGoldens } from './goldens.ts';
import { loadIntoNaru } from './load-image.ts';
import { type Origin, startOrigin } from './origin.ts';
import { type Bed, baseTree, buildWithNaru, saveFromNaru } from './outcome.ts';

const N_PARALLEL = 2;
/** Names tables or cases, for work on a few of them. */
const ONLY = new RegExp(process.env['NARU_CONFORMANCE_ONLY'] ?? '');

interface Wanted {
  readonly title: string;
  readonly one: ConformanceCase;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
  readonly outcome: Promise<Outcome>;
}

describe('builds agree with BuildKit', function () {
  this.timeout(300_000);
  const queue: Wanted[] = [];
  let engine: Awaited<ReturnType<typeof startEngine>> | undefined;
  let origin: Origin | undefined;

  before(async function () {
    requireRoot(this);
    engine = await startEngine();
    origin = await startOrigin();
    await loadIntoNaru(engine.socketPath, await busyboxArchive());
    const base = await baseTree(await saveFromNaru(engine.socketPath, 'busybox:latest'));
    const bed: Bed = { origin, base };
    const todo = [...queue];
    for (let n = 0; n < N_PARALLEL; n += 1) void work(engine.socketPath, bed, todo); // each test waits for its own
  });

  after(async () => {
    await origin?.close();
    await engine?.stop();
    removeCgroup('naru-conformance'); // the parent of the case `cgroup-parent`; who names one keeps it, as with Docker
  });

  for (const [table, cases] of CASE_TABLES) {
    const goldens = readGoldens(table);
    for (const one of cases) {
      const title = `${table}: ${one.name}`;
      if (!ONLY.test(title)) continue;
      const wanted = wantedCase(title, one);
      queue.push(wanted);
      it(title, async () => {
        const golden = goldens.get(one.name);
        assert.equal(golden?.asked, askedOf(one), 'the case changed: record it again with record.ts');
        const outcome = await wanted.outcome;
        assert.deepEqual(differences(golden.outcome, outcome), ACCEPTED[title] ?? []);
      });
    }
  }

  it('has every accepted difference explained in docs/conformance.md', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/conformance.md'), 'utf8');
    const titles = new Set(
      CASE_TABLES.flatMap(([table, cases]) => cases.map(({ name }) => `${table}: ${name}`)),
    );
    const unknown = Object.keys(ACCEPTED).filter(
      (title) => !titles.has(title) || !page.includes(`\`${title}\``),
    );
    assert.deepEqual(unknown, []);
  });

  it('agrees in at least 99 of 100 cases', () => {
    const nCases = CASE_TABLES.reduce((sum, [, cases]) => sum + cases.length, 0);
    const nAccepted = Object.keys(ACCEPTED).length;
    assert.ok(nCases >= 300);
    assert.ok(nAccepted <= nCases / 100, `${nAccepted} of ${nCases} cases differ`);
  });
});

function wantedCase(title: string, one: ConformanceCase): Wanted {
  let settle: Pick<Wanted, 'resolve' | 'reject'> | undefined;
  const outcome = new Promise<Outcome>((resolve, reject) => {
    settle = { resolve, reject };
  });
  outcome.catch(() => undefined); // the test that waits for it tells
  if (settle === undefined) throw new Error('a promise calls its executor at once');
  return { title, one, ...settle, outcome };
}

async function work(socketPath: string, bed: Bed, todo: Wanted[]): Promise<void> {
  for (let wanted = todo.shift(); wanted !== undefined; wanted = todo.shift()) {
    await buildWithNaru(socketPath, wanted.one, bed).then(wanted.resolve, wanted.reject);
  }
}
