/** The metadata store: documents, transactions, leases, schema versions and what a killed process leaves. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { openLeases, snapshotResource, TEMPORARY_OWNER } from '../../../runtime/store/leases.ts';
import { MetadataStore } from '../../../runtime/store/metadata.ts';
import { MIGRATIONS } from '../../../runtime/store/migrations.ts';

interface Row {
  readonly n: number;
  readonly parent?: string;
}

const asRow = (value: unknown): Row => value as Row; // the tests wrote it themselves

describe('metadata store', () => {
  let dir = '';
  let store: MetadataStore;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'naru-metadata-'));
    store = new MetadataStore(join(dir, 'naru.db'));
  });
  afterEach(() => {
    store.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('is for the engine alone, also when an earlier one left it open', () => {
    const files = (): readonly number[] =>
      readdirSync(dir).map((name) => statSync(join(dir, name)).mode & 0o777);
    store.collection('row', asRow).put('a', { n: 1 });
    assert.ok(files().length > 1);
    assert.ok(files().every((mode) => mode === 0o600));
    store.close();
    for (const name of readdirSync(dir)) chmodSync(join(dir, name), 0o644);
    store = new MetadataStore(join(dir, 'naru.db'));
    assert.ok(files().every((mode) => mode === 0o600));
  });

  it('keeps documents by kind and id', () => {
    const rows = store.collection('row', asRow);
    const others = store.collection('other', asRow);
    rows.put('b', { n: 1 });
    rows.put('b', { n: 2, parent: 'a' });
    rows.insert('a', { n: 3 });
    assert.throws(() => rows.insert('a', { n: 4 }), { kind: 'conflict', code: 'E_DOCUMENT_EXISTS' });
    assert.deepEqual(rows.all(), [{ n: 3 }, { n: 2, parent: 'a' }]);
    assert.deepEqual(rows.ids(), ['a', 'b']);
    assert.deepEqual(rows.where('parent', 'a'), [{ n: 2, parent: 'a' }]);
    assert.deepEqual([others.get('a'), others.all(), others.delete('a')], [undefined, [], false]);
    assert.deepEqual([rows.delete('a'), rows.get('a'), rows.get('b')?.n], [true, undefined, 2]);
  });

  it('keeps all of a transaction or nothing', () => {
    const rows = store.collection('row', asRow);
    assert.throws(() => {
      store.transaction(() => {
        rows.put('a', { n: 1 });
        store.transaction(() => rows.put('b', { n: 2 }));
        throw new Error('stop');
      });
    }, /stop/);
    assert.deepEqual(rows.all(), []);
    store.transaction(() => rows.put('a', { n: 1 }));
    assert.deepEqual(rows.ids(), ['a']);
  });

  it('never gives a number twice', () => {
    assert.deepEqual([store.nextNumber('x'), store.nextNumber('x'), store.nextNumber('y')], [1, 2, 1]);
    store.close();
    store = new MetadataStore(join(dir, 'naru.db'));
    assert.equal(store.nextNumber('x'), 3);
  });

  it('refuses a file of a newer engine', () => {
    const path = join(dir, 'newer.db');
    const database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 999');
    database.close();
    assert.throws(() => new MetadataStore(path), { kind: 'unavailable', code: 'E_METADATA_VERSION' });
  });

  it('takes over the documents of the first schema', () => {
    const path = join(dir, 'older.db');
    const database = new DatabaseSync(path);
    database.exec(`${MIGRATIONS[0] ?? ''}; PRAGMA user_version = 1`);
    const insert = database.prepare('INSERT INTO documents VALUES (?, ?, ?)');
    insert.run('row', 'b', '{"n":2}');
    insert.run('row', 'a', '{"n":1}');
    database.close();
    const opened = new MetadataStore(path);
    assert.deepEqual(opened.collection('row', asRow).all(), [{ n: 1 }, { n: 2 }]);
    opened.close();
  });

  it('finds a document as fast beside large ones', () => {
    const rows = store.collection('row', asRow);
    const ids = Array.from({ length: 40 }, (_, nth) => String(nth));
    for (const id of ids) rows.put(id, { n: 1 });
    const getAll = (): void => ids.forEach((id) => void rows.get(id));
    const before = msOf(getAll);
    for (const id of ids) rows.put(`${id} large`, { n: 0, parent: 'x'.repeat(200_000) });
    // Without a rowid a search reads every document it passes.
    const besides = msOf(getAll);
    assert.ok(besides < before * 20, `${besides} ms, ${before} ms before`);
  });

  it('forgets temporary leases at start, and only those', () => {
    const before = openLeases(store);
    const snapshot = snapshotResource('base');
    before.hold('image:1', snapshot);
    before.hold(`${TEMPORARY_OWNER}build-7`, snapshot);
    before.hold('image:1', snapshot);
    assert.deepEqual(before.owners(snapshot), ['image:1', 'temporary:build-7']);
    assert.deepEqual([...before.snapshotOwners()], [['base', ['image:1', 'temporary:build-7']]]);
    const leases = openLeases(store);
    leases.recover();
    assert.deepEqual(leases.owners(snapshot), ['image:1']);
    leases.release('image:1');
    assert.equal(leases.isHeld(snapshot), false);
  });

  it('keeps a resource until its last owner lets go', () => {
    const leases = openLeases(store);
    const [one, other] = [snapshotResource('one'), snapshotResource('other')];
    const [a, b] = [`${TEMPORARY_OWNER}a`, `${TEMPORARY_OWNER}b`];
    for (const owner of [a, b]) for (const resource of [one, other]) leases.hold(owner, resource);
    leases.release(a, one);
    assert.deepEqual([leases.owners(one), leases.owners(other)], [[b], [a, b]]);
    leases.release(b);
    assert.deepEqual([leases.isHeld(one), leases.owners(other)], [false, [a]]);
    leases.release(a);
    assert.deepEqual([leases.isHeld(other), leases.snapshotOwners().size], [false, 0]);
  });

  it('keeps whole transactions when its process is killed', async () => {
    const script = `
      import { MetadataStore } from ${JSON.stringify(join(process.cwd(), 'runtime/store/metadata.ts'))};
      const store = new MetadataStore(${JSON.stringify(join(dir, 'killed.db'))});
      const rows = store.collection('row', (value) => value);
      for (let n = 0; ; n += 1) {
        store.transaction(() => { rows.put('a', { n }); rows.put('b', { n }); });
        if (n === 50) console.log('ready');
      }`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script]);
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const after = new MetadataStore(join(dir, 'killed.db'));
    const rows = after.collection('row', asRow);
    const [a, b] = [rows.get('a'), rows.get('b')];
    after.close();
    assert.deepEqual(a, b);
    assert.ok((a?.n ?? 0) >= 50);
  });
});

/** The shortest of many tries, so that a busy machine does not count. */
function msOf(work: () => unknown): number {
  return Array.from({ length: 5 }, () => {
    const began = performance.now();
    work();
    return performance.now() - began;
  }).reduce((least, ms) => Math.min(least, ms));
}
