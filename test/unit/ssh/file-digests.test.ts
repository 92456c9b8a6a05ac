import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openFileDigests } from '../../../client/driver/ssh/install/file-digests.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('digests of files, kept over commands', () => {
  let folder: string;
  let cache: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'naru-digests-'));
    cache = join(folder, 'made/file-digests.json');
    file = join(folder, 'file');
    writeFileSync(file, 'one');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function digest(): Promise<string> {
    const digests = await openFileDigests(cache);
    const found = await digests.of(file);
    await digests.save();
    return found;
  }

  it('a file that is the same is not read again', async () => {
    assert.equal(await digest(), sha256('one'));
    writeFileSync(cache, readFileSync(cache, 'utf8').replace(sha256('one'), sha256('kept')));
    assert.equal(await digest(), sha256('kept'));
  });

  it('a file that changed is read, also with the same size and mtime', async () => {
    await digest();
    const { atime, mtime } = statSync(file);
    writeFileSync(file, 'two');
    utimesSync(file, atime, mtime);
    assert.equal(await digest(), sha256('two'));
  });

  it('what cannot be read, or was written by somebody else, counts as nothing', async () => {
    await digest();
    for (const text of ['', '{', '[]', 'null', JSON.stringify({ [file]: ['x'] })]) {
      writeFileSync(cache, text);
      assert.equal(await digest(), sha256('one'));
    }
  });

  it('without a place to write to it goes on', async () => {
    cache = join(file, 'below/a/file');
    assert.equal(await digest(), sha256('one'));
  });
});
