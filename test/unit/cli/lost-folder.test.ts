/** A working directory that was removed: a sentence for the verbs that need one, nothing for the others. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../../client/cli/main.ts');

describe('in a folder that is gone', () => {
  for (const args of [['lint'], ['lint', 'Dockerfile']]) {
    it(`naru ${args.join(' ')} says so`, () => {
      const told = 'naru: the working directory is not there any more\n      go to another folder first\n';
      assert.deepEqual(naruWithoutFolder(args), [2, '', told]);
    });
  }

  it('naru --version needs none', () => {
    const [code, stdout, stderr] = naruWithoutFolder(['--version']);
    assert.match(stdout, /^\d+\.\d+/);
    assert.deepEqual([code, stderr], [0, '']);
  });
});

/** Exit code, stdout, stderr. */
function naruWithoutFolder(
  args: readonly string[],
): readonly [code: number | null, stdout: string, stderr: string] {
  const cwd = mkdtempSync(join(tmpdir(), 'naru-gone-'));
  const script = 'rmdir "$PWD" && exec "$@"';
  const argv = ['-c', script, 'sh', process.execPath, MAIN, ...args];
  const { status, stderr, stdout } = spawnSync('sh', argv, { cwd, encoding: 'utf8' });
  return [status, stdout, stderr];
}
