/** Files that are there whole or not at all. */

import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeWholeFile } from '../../../client/cli/whole-file.ts';

async function* broken(): AsyncGenerator<Uint8Array, void, void> {
  yield Buffer.from('half');
  throw new Error('the source broke off');
}

const whole = async (): Promise<AsyncIterable<Uint8Array>> =>
  (async function* () {
    yield Buffer.from('new');
  })();

describe('whole files', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'naru-whole-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are not there when the source breaks off, and nothing else is', async () => {
    await assert.rejects(
      writeWholeFile(join(folder, 'a'), async () => broken()),
      /broke off/,
    );
    assert.deepEqual(readdirSync(folder), []);
  });

  it('stay as they were when the source breaks off, or was never opened', async () => {
    const path = join(folder, 'a');
    writeFileSync(path, 'old');
    await assert.rejects(writeWholeFile(path, async () => broken()));
    await assert.rejects(writeWholeFile(path, () => Promise.reject(new Error('no'))));
    assert.deepEqual([readFileSync(path, 'utf8'), readdirSync(folder)], ['old', ['a']]);
  });

  it('replace what was there, with its mode, through a symbolic link', async () => {
    const path = join(folder, 'a');
    writeFileSync(path, 'old');
    chmodSync(path, 0o600);
    symlinkSync('a', join(folder, 'link'));
    await writeWholeFile(join(folder, 'link'), whole);
    assert.deepEqual([readFileSync(path, 'utf8'), statSync(path).mode & 0o777], ['new', 0o600]);
    assert.deepEqual(readdirSync(folder), ['a', 'link']);
  });

  it('may be a device', async () => {
    await writeWholeFile('/dev/null', whole);
    assert.ok(statSync('/dev/null').isCharacterDevice());
  });

  it('are refused where none can be, before the source is opened', async () => {
    mkdirSync(join(folder, 'd'));
    for (const path of [join(folder, 'd'), join(folder, 'no/such/a')]) {
      let isOpened = false;
      const open = (): Promise<AsyncIterable<Uint8Array>> => {
        isOpened = true;
        return whole();
      };
      await assert.rejects(writeWholeFile(path, open), { code: 'E_WRITE' });
      assert.equal(isOpened, false);
    }
  });
});
