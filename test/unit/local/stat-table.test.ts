/** The stat cache's file: many records, found by identity, and no damaged file is read. */

import assert from 'node:assert/strict';

import { digestOf } from '../../../core/oci/digest.ts';
import { StatTable, type TableStamp } from '../../../local/stat-table.ts';

const NEVER = 0;

function stamp(nth: number, change: Partial<TableStamp> = {}): TableStamp {
  const number = BigInt(nth);
  return {
    identity: [number % 3n, number * 0x1_0000_0001n],
    size: number,
    mtimeNs: -number,
    ctimeNs: 1n << 60n,
    ...change,
  };
}

function filled(nRecords: number): StatTable {
  const table = StatTable.empty();
  for (let nth = 0; nth < nRecords; nth += 1) table.put(stamp(nth), digestOf(`${nth}`), nth);
  return table;
}

function read(file: Uint8Array): StatTable {
  const table = StatTable.read(file);
  assert.ok(table);
  return table;
}

describe('table of stamps', () => {
  it('finds each of many records again, also from its file', () => {
    for (const table of [filled(5000), read(filled(5000).write(NEVER))]) {
      assert.equal(table.nRecords, 5000);
      for (let nth = 0; nth < 5000; nth += 1) {
        const found = table.find(stamp(nth), true);
        assert.deepEqual([table.digestOf(found), table.dayOf(found)], [digestOf(`${nth}`), nth]);
      }
      assert.equal(table.find(stamp(5000), true), -1);
    }
  });

  for (const [what, change] of [
    ['device', { identity: [9n, 7n * 0x1_0000_0001n] }],
    ['inode', { identity: [1n, 7n * 0x1_0000_0001n + (1n << 40n)] }],
    ['size', { size: 8n }],
    ['modification time', { mtimeNs: -7n - (1n << 33n) }],
  ] as const) {
    it(`does not take one ${what} for another`, () => {
      assert.equal(filled(10).find(stamp(7, change), true), -1);
      assert.equal(filled(10).find(stamp(7, change), false), -1);
    });
  }

  it('looks at the change time where that is worth something', () => {
    const changed = stamp(7, { ctimeNs: (1n << 60n) + 1n });
    assert.equal(filled(10).find(changed, true), -1);
    assert.equal(filled(10).find(changed, false), 7);
  });

  it('has one record of an identity, the last', () => {
    const table = filled(10);
    table.put(stamp(7, { size: 70n }), digestOf('new'), 3);
    assert.deepEqual([table.nRecords, table.find(stamp(7), true)], [10, -1]);
    assert.equal(table.digestOf(table.find(stamp(7, { size: 70n }), true)), digestOf('new'));
  });

  it('takes over the records of another, which win', () => {
    const other = StatTable.empty();
    for (let nth = 5; nth < 500; nth += 1)
      other.put(stamp(nth, { size: 1n }), digestOf('other'), nth === 5 ? 1 : 2);
    const table = filled(10);
    table.putAll(other);
    assert.equal(table.nRecords, 500);
    assert.deepEqual([table.find(stamp(4), true) >= 0, table.find(stamp(5), true)], [true, -1]);
    assert.equal(table.digestOf(table.find(stamp(499, { size: 1n }), true)), digestOf('other'));
  });

  it('writes what was used lately', () => {
    const table = read(filled(10).write(8));
    assert.deepEqual([table.nRecords, table.find(stamp(7), true) < 0, table.dayOf(0)], [2, true, 8]);
  });

  it('reads no file that is torn, damaged or another', () => {
    const file = filled(3).write(NEVER);
    assert.ok(StatTable.read(file));
    assert.ok(StatTable.read(StatTable.empty().write(NEVER)));
    for (let at = 0; at < file.length; at += 1) {
      if (at >= 16 && at < 32) continue; // unused
      const damaged = Uint8Array.from(file);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      assert.equal(StatTable.read(damaged), undefined, `byte ${at}`);
    }
    for (const length of [0, 7, 63, 64, 65, 224, file.length - 1])
      assert.equal(StatTable.read(file.subarray(0, length)), undefined);
    assert.equal(StatTable.read(Buffer.concat([file, file])), undefined);
    assert.equal(StatTable.read(Buffer.from('naru stat cache 1\n')), undefined);
  });
});
