/** Taking the kernel's lock on control groups ahead: nobody is moved by it, also not back. Needs root. */

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { removeCgroup } from '../../runtime/oci-runtime/cgroup-removal.ts';
import { MigrationLock } from '../../runtime/oci-runtime/migration-lock.ts';
import { requireRoot, skipBecause } from '../support/skip.ts';

const ROOT = '/sys/fs/cgroup';
/** Where control groups of version 2 are, on hybrid hosts too. */
const UNIFIED = existsSync(join(ROOT, 'cgroup.controllers')) ? ROOT : join(ROOT, 'unified');

describe('the lock on moves between control groups', () => {
  let lock: MigrationLock;
  before(function () {
    requireRoot(this);
  });
  beforeEach(() => {
    lock = new MigrationLock();
  });
  afterEach(() => lock.close());

  it('is taken as often as one likes, and leaves the engine where it is', async () => {
    const before = ownGroups();
    const nFiles = readdirSync('/proc/self/fd').length;
    assert.deepEqual(await Promise.all([lock.warm(), lock.warm()]), [true, true]);
    assert.equal(await lock.warm(), true);
    await lock.close();
    assert.equal(await lock.warm(), true);
    await lock.close();
    assert.equal(readdirSync('/proc/self/fd').length, nFiles);
    assert.equal(ownGroups(), before);
  });

  it('is left alone once somebody has moved the engine', async function () {
    if (!existsSync(join(UNIFIED, 'cgroup.procs'))) skipBecause(this, 'needs control groups of version 2');
    const before = /^0::(.*)$/m.exec(ownGroups())?.[1] ?? '/';
    const name = `/naru-lock-${process.pid}`;
    assert.equal(await lock.warm(), true);
    mkdirSync(join(UNIFIED, name));
    try {
      writeFileSync(join(UNIFIED, name, 'cgroup.procs'), '0');
      assert.equal(await lock.warm(), false);
      assert.ok(ownGroups().includes(`0::${name}`));
    } finally {
      writeFileSync(join(UNIFIED, before, 'cgroup.procs'), '0');
      removeCgroup(name);
    }
  });
});

function ownGroups(): string {
  return readFileSync('/proc/self/cgroup', 'utf8');
}
