/** Folders at chosen places: made with what is above them, or one sentence; never an endless attempt. Each case is a process of its own, which can be ended. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MODULE = join(import.meta.dirname, '../../../local/make-folder.ts');
const PROGRAM = `
import { makeFolder } from ${JSON.stringify(MODULE)};
try { makeFolder(process.argv[1], { mode: 0o711, hint: 'elsewhere' }); console.log('made'); }
catch (error) { console.log(error.kind, error.message, error.hint); }`;

/** What becomes of `path`, which is relative to `folder`. */
function outcomeOf(path: string, folder: string): string {
  const { stdout, stderr, signal } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', PROGRAM, path],
    { cwd: folder, encoding: 'utf8', timeout: 20_000, killSignal: 'SIGKILL' },
  );
  return signal === null ? `${stdout}${stderr}`.trim() : `ended by ${signal}`;
}

describe('makeFolder', function () {
  this.timeout(30_000);
  let folder = '';

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'naru-folder-'));
    writeFileSync(join(folder, 'file'), '');
    symlinkSync('nowhere', join(folder, 'dangling'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('makes what is missing above, with the mode', () => {
    assert.equal(outcomeOf('a/b/c', folder), 'made');
    const modes = ['a', 'a/b', 'a/b/c'].map((path) => statSync(join(folder, path)).mode & 0o777);
    assert.deepEqual(modes, [0o711, 0o711, 0o711]);
  });

  it('leaves one that is there as it is', () => {
    chmodSync(join(folder, 'a'), 0o750);
    assert.equal(outcomeOf('a', folder), 'made');
    assert.equal(statSync(join(folder, 'a')).mode & 0o777, 0o750);
  });

  for (const [path, reason] of [
    ['file', 'a file is in the way'],
    ['file/x', 'not a directory'],
    ['dangling', 'a file is in the way'],
    ['dangling/x', 'a file is in the way'],
  ] as const) {
    it(`says why it cannot make ${path}`, () =>
      assert.equal(
        outcomeOf(path, folder),
        `unavailable cannot make ${join(folder, path)}: ${reason} elsewhere`,
      ));
  }

  for (const path of ['/proc/naru-none', '/proc/naru-none/x/y']) {
    it(`comes back from ${path}`, function () {
      if (process.platform !== 'linux') this.skip(); // no /proc
      assert.match(
        outcomeOf(path, folder),
        new RegExp(`^unavailable cannot make ${path}: [a-z ]+ elsewhere$`),
      );
    });
  }
});
