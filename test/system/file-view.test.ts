/** What tells processes apart that see other files under the same path. Needs root, for mounts. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fileView } from '../../local/file-view.ts';
import { exec } from '../../runtime/host/exec.ts';
import { requireRoot } from '../support/skip.ts';

const MODULE = join(import.meta.dirname, '../../local/file-view.ts');
const SAY = `import(${JSON.stringify(MODULE)}).then(({ fileView }) => process.stdout.write(fileView() ?? ''))`;

describe('the view of a process', () => {
  let folder = '';
  before(function () {
    requireRoot(this);
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'naru-view-')));
    mkdirSync(join(folder, 'root'));
  });
  after(() => {
    if (folder === '') return;
    rmdirSync(join(folder, 'root'));
    rmdirSync(folder);
  });

  /** Of a process that a shell script starts as its `"$@"`, in a mount namespace that goes when it ends. */
  async function viewOf(script: string): Promise<string> {
    const say = [process.execPath, '-e', SAY];
    return (await exec(['unshare', '--mount', 'sh', '-ec', `cd ${folder}; ${script}`, 'sh', ...say])).stdout;
  }

  it('is that of others beside it', async () => {
    assert.equal((await exec([process.execPath, '-e', SAY])).stdout, fileView());
    assert.notEqual(await viewOf('exec "$@"'), fileView(), 'in a mount namespace of its own');
  });

  it('is another one where the root is mounted again, without what is mounted below it', async () => {
    // `say` runs twice in the same namespace: before and after.
    const both = await viewOf(
      '"$@"; echo; mount --bind / root; mount -t proc proc root/proc; exec chroot root "$@"',
    );
    const [outside = '', inside = '', ...more] = both.split('\n');
    assert.deepEqual(more, []);
    assert.notEqual(outside, '');
    assert.notEqual(inside, '');
    assert.notEqual(inside, outside);
  });
});
