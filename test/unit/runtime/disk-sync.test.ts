/** Who waits for the disk, and for how many runs. */

import assert from 'node:assert/strict';

import { DiskSync } from '../../../runtime/snapshots/disk-sync.ts';

const NEVER_MS = 1_000_000;

interface Run {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

describe('bringing layers to disk', () => {
  /** Ends the run that is under way. */
  let runs: Run[];
  let onDisk: (readonly string[])[];
  let lost: (readonly string[])[];
  function open(delayMs: number): DiskSync {
    const sync = (): Promise<void> => new Promise((resolve, reject) => runs.push({ resolve, reject }));
    return new DiskSync({
      sync,
      delayMs,
      onDisk: (names) => onDisk.push(names),
      onLost: (names) => lost.push(names),
    });
  }
  async function untilRun(nth: number): Promise<Run> {
    for (;;) {
      const run = runs[nth];
      if (run !== undefined) return run;
      await new Promise(setImmediate);
    }
  }
  beforeEach(() => {
    runs = [];
    onDisk = [];
    lost = [];
  });

  it('takes all that are complete in one run, after a while', async () => {
    const disk = open(20);
    for (const name of ['a', 'b', 'c']) disk.begin(name);
    const finished = Promise.all([disk.finished('a'), disk.finished('c')]).then(() => onDisk.length);
    await new Promise(setImmediate);
    assert.equal(runs.length, 0, 'nobody needs them');
    (await untilRun(0)).resolve();
    assert.equal(await finished, 1, 'whoever waits is told last');
    assert.deepEqual(onDisk, [['a', 'b', 'c']]);
    await disk.finished('never heard of');
  });

  it('begins at once when one is needed', async () => {
    const disk = open(NEVER_MS);
    disk.begin('a');
    disk.begin('b');
    disk.hurry('a');
    disk.hurry('b');
    (await untilRun(0)).resolve();
    await disk.finished('b');
    assert.deepEqual([runs.length, onDisk], [1, [['a', 'b']]]);
  });

  it('shares the next run between all who need it during one', async () => {
    const disk = open(NEVER_MS);
    disk.begin('a');
    disk.hurry('a');
    await untilRun(0);
    for (const name of ['b', 'c']) {
      disk.begin(name);
      disk.hurry(name);
    }
    const order: string[] = [];
    const others = Promise.all([disk.finished('b'), disk.finished('c')]).then(() => order.push('b, c'));
    runs[0]?.resolve();
    await disk.finished('a');
    order.push('a');
    (await untilRun(1)).resolve();
    await others;
    assert.deepEqual([runs.length, order, onDisk], [2, ['a', 'b, c'], [['a'], ['b', 'c']]]);
  });

  it('says nothing of one that is gone', async () => {
    const disk = open(NEVER_MS);
    disk.begin('a');
    disk.begin('b');
    disk.forget('a');
    disk.hurry('b');
    (await untilRun(0)).resolve();
    await disk.finished('b');
    assert.deepEqual(onDisk, [['b']]);
  });

  it('tells who asks that it failed, also of what waited for the next run, and goes on', async () => {
    const disk = open(NEVER_MS);
    disk.begin('a');
    disk.hurry('a');
    await untilRun(0);
    disk.begin('b');
    disk.hurry('b');
    runs[0]?.reject(new Error('no disk'));
    for (const name of ['a', 'b', 'a']) await assert.rejects(disk.finished(name), /no disk/);
    assert.deepEqual([runs.length, lost], [1, [['a', 'b']]]);
    disk.begin('c');
    disk.hurry('c');
    (await untilRun(1)).resolve();
    await disk.finished('c');
    assert.deepEqual(onDisk, [['c']]);
    await assert.rejects(disk.finished('b'), /no disk/, 'what is lost stays so');
  });

  it('leaves nothing undone when it is closed', async () => {
    const disk = open(NEVER_MS);
    disk.begin('a');
    disk.hurry('a');
    await untilRun(0);
    disk.begin('b');
    const closed = disk.close().then(() => onDisk);
    runs[0]?.resolve();
    (await untilRun(1)).resolve();
    assert.deepEqual(await closed, [['a'], ['b']]);
    await disk.close();
  });
});
