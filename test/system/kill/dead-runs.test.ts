/** A test run that was killed leaves nothing once the next run began, and a living one is left alone. Needs root. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { leftovers, newLeftovers } from '../../../scripts/leftovers.ts';
import { endDeadRuns, OWNER_FILE, RUN_PREFIX } from '../../support/dead-runs.ts';
import { engineIdOf } from '../../support/engine-traces.ts';
import { ask } from '../../support/engine.ts';
import { requireRoot } from '../../support/skip.ts';
import type { AbandonedRun } from './abandoned-run.ts';

describe('a killed test run', function () {
  this.timeout(60_000);
  const children: ChildProcess[] = [];
  before(function () {
    requireRoot(this);
  });
  after(async () => {
    await Promise.all(children.map(end));
    await endDeadRuns(tmpdir());
  });

  async function end(child: ChildProcess): Promise<void> {
    if (child.signalCode !== null || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async function beginRun(): Promise<AbandonedRun & { readonly child: ChildProcess }> {
    const script = join(import.meta.dirname, 'abandoned-run.ts');
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    for await (const line of createInterface({ input: child.stdout })) {
      return { ...(JSON.parse(line) as AbandonedRun), child }; // the script wrote it
    }
    throw new Error('the run ended before it had begun');
  }

  it('is cleared away by the next; one that lives is not', async () => {
    const before = leftovers();
    const [dead, living] = [await beginRun(), await beginRun()];
    const marks = [dead.folder, engineIdOf(dead.root).slice(0, 8)];
    await end(dead.child);
    const left = leftovers().filter((item) => marks.some((mark) => item.includes(mark)));
    for (const kind of ['mount', 'process', 'network namespace', 'nft', 'cgroup']) {
      assert.ok(
        left.some((item) => item.startsWith(kind)),
        `it leaves no ${kind}: ${left.join('\n')}`,
      );
    }
    const beginning = mkdtempSync(join(tmpdir(), RUN_PREFIX));
    writeFileSync(join(beginning, OWNER_FILE), ''); // another run, at the moment it makes its folder
    assert.deepEqual(await endDeadRuns(tmpdir()), [`killed test run in ${dead.folder}: cleared away`]);
    assert.deepEqual(await newLeftovers(before, marks), []);
    assert.ok(existsSync(beginning) && !existsSync(dead.folder));
    rmSync(beginning, { recursive: true });
    assert.ok(!existsSync(`/proc/${dead.pid}/exe`), 'its engine runs on');
    assert.equal((await ask(living.socketPath, 'GET', '/_ping')).status, 200);
  });
});
