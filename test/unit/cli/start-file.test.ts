/** `bin/naru` as a process: what stands behind it is naru's, on every Node that is found here, and Node takes nothing of it for itself. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const START_FOLDER = join(import.meta.dirname, '../../../bin');

/** Says what reached the bundle. */
const BUNDLE = 'process.stdout.write(JSON.stringify([process.argv.slice(2), process.env.FROM_FILE ?? null]))';

describe('bin/naru', function () {
  this.timeout(30_000);
  let folder = '';

  before(function () {
    if (process.platform === 'win32') this.skip(); // npm's own wrapper starts it there
    folder = mkdtempSync(join(tmpdir(), 'naru-start-file-'));
    mkdirSync(join(folder, 'dist'));
    cpSync(START_FOLDER, join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'dist/naru.cjs'), BUNDLE);
    writeFileSync(join(folder, 'variables'), 'FROM_FILE=1\nNODE_OPTIONS=--bogus\n');
  });
  after(() => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  for (const node of nodesHere()) {
    for (const flag of ['--env-file', '--env-file-if-exists'])
      for (const file of ['nofile', '.', 'variables'])
        it(`leaves ${flag} ${file} alone with ${node}`, () => {
          const args = ['run', flag, file, `${flag}=${file}`, '--', 'x'];
          const outcome = spawnSync(join(folder, 'bin/naru'), args, {
            cwd: folder,
            encoding: 'utf8',
            env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env['PATH']}`, HOME: folder },
          });
          assert.deepEqual([outcome.stdout, outcome.stderr], [JSON.stringify([args, null]), '']);
        });
  }
});

/** The one that runs the tests, and every other `node` of the search path. */
function nodesHere(): readonly string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = folders.map((path) => join(path, 'node')).filter((path) => existsSync(path));
  return [...new Set([process.execPath, ...found])];
}
