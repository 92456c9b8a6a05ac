/** Who waits for the disk, and for how many runs. */

import assert from 'node:assert/strict';

import { DiskSync } from '../../../runtime/snapshots/disk-sync.ts';

describe('bringing layers to disk', () => {
  /** Ends the run that is under way. */
  let ends: { readonly resolve: () => void; readonly reject: (error: Error) => void }[];
  let disk: DiskSync;
  beforeEach(() => {
    ends = [];
    disk = new DiskSync(
      () =>
        new Promise((resolve, reject) => {
          ends.push({ resolve, reject });
        }),
    );
  });

  it('shares the next run between all who ask during one', async () => {
    for (const number of [1, 2, 3]) disk.begin(number);
    const order: string[] = [];
    const first = disk.finished(1).then(() => order.push('1'));
    const others = Promise.all([disk.finished(2), disk.finished(3)]).then(() => order.push('2, 3'));
    assert.equal(ends.length, 1);
    ends[0]?.resolve();
    await first;
    await new Promise(setImmediate);
    assert.deepEqual([ends.length, order], [2, ['1']], 'what came later was not on disk yet');
    ends[1]?.resolve();
    await others;
    assert.deepEqual([ends.length, order], [2, ['1', '2, 3']]);
    await disk.finished(9);
  });

  it('tells who asks that it failed, and goes on', async () => {
    disk.begin(1);
    disk.begin(2);
    ends[0]?.reject(new Error('no disk'));
    await assert.rejects(disk.finished(1), /no disk/);
    ends[1]?.resolve();
    await disk.finished(2);
  });
});
