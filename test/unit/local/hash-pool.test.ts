/** Hashing in worker threads: who cancels is free at once, and so are the workers. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { isErrorKind } from '../../../core/errors.ts';
import { digestOf } from '../../../core/oci/digest.ts';
import { HashPool } from '../../../local/hash-pool.ts';
import { hangingMount } from '../../support/hanging-mount.ts';
import { requireRoot } from '../../support/skip.ts';

const HASH_POOL = join(import.meta.dirname, '../../../local/hash-pool.ts');
/** All holes: nothing on disk, and minutes to hash. */
const HUGE_BYTES = 256 * 1024 ** 3;
/** Enough for the workers to be asked. */
const N_SMALL = 100;

describe('hash pool', function () {
  let root = '';
  let pool: HashPool;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'naru-hash-pool-'));
    pool = new HashPool({ nWorkers: 1 });
  });
  afterEach(async () => {
    await pool.dispose();
    rmSync(root, { recursive: true, force: true });
  });

  function file(name: string, content: string, sizeBytes = content.length) {
    const path = join(root, name);
    writeFileSync(path, content);
    if (sizeBytes > content.length) truncateSync(path, sizeBytes);
    return { path, sizeBytes };
  }

  it('gives up in the middle of a file, and hashes on for others', async () => {
    const huge = [file('huge', '', HUGE_BYTES), file('next', '', HUGE_BYTES)];
    const abort = new AbortController();
    const hashing = pool.hash(huge, {
      signal: abort.signal,
      onProgress: ({ bytes }) => {
        if (bytes > 0) abort.abort();
      },
    });
    await assert.rejects(hashing, (error) => isErrorKind(error, 'cancelled'));
    const small = Array.from({ length: N_SMALL }, (_, nth) => file(`small${nth}`, String(nth)));
    const outcomes = await pool.hash(small);
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.kind === 'hashed' ? outcome.digest : outcome.kind)),
      small.map((_, nth) => digestOf(Buffer.from(String(nth)))),
    );
  });

  it('keeps no process alive once all is hashed', async () => {
    const jobs = Array.from({ length: N_SMALL }, (_, nth) => file(`small${nth}`, String(nth)));
    const script = `
      import { HashPool } from ${JSON.stringify(HASH_POOL)};
      const pool = new HashPool({ nWorkers: 2 });
      const jobs = ${JSON.stringify(jobs)};
      while (performance.now() < 1000) await pool.hash(jobs); // every worker that it starts has come up by then
      console.log((await pool.hash(jobs)).length);`;
    const { path } = file('script.mjs', script);
    const ran = promisify(execFile)(process.execPath, [path], { timeout: 20_000 });
    assert.equal((await ran).stdout, `${N_SMALL}\n`);
  });

  it('replaces a worker that hangs at a file system that does not answer', async function () {
    requireRoot(this);
    const mount = hangingMount();
    try {
      const abort = new AbortController();
      const dead = Array.from({ length: N_SMALL }, (_, nth) => ({
        path: join(mount.directory, `${nth}`),
        sizeBytes: 1,
      }));
      const hanging = pool.hash(dead, { signal: abort.signal, onProgress: () => abort.abort() });
      await assert.rejects(hanging, (error) => isErrorKind(error, 'cancelled'));
      const small = Array.from({ length: N_SMALL }, (_, nth) => file(`small${nth}`, String(nth)));
      const outcomes = await pool.hash(small);
      assert.deepEqual(
        outcomes.map(({ kind }) => kind),
        small.map(() => 'hashed'),
      );
      await assert.rejects(pool.hash(dead, { signal: AbortSignal.timeout(50) }), (error) =>
        isErrorKind(error, 'cancelled'),
      );
      await pool.dispose(); // waits for nobody who hangs
    } finally {
      mount.remove();
    }
  });

  it('begins nothing for who has left before', async () => {
    const hashing = pool.hash([file('huge', '', HUGE_BYTES)], { signal: AbortSignal.abort() });
    await assert.rejects(hashing, (error) => isErrorKind(error, 'cancelled'));
  });
});
