/** A tar as files in a folder, by somebody who is not root. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';

import { writeFolder } from '../../../client/cli/build/output-folder.ts';
import { canBeNamed } from '../../../client/cli/copy/unpack.ts';
import type { TarEntry } from '../../../core/tar/entry.ts';
import { type NewTarMember, writeTar } from '../../../local/tar/writer.ts';

const NOBODY = 65534;

describe('an output folder', () => {
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(join(tmpdir(), 'naru-output-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  async function write(members: readonly NewTarMember[], broken?: Error): Promise<void> {
    async function* bytes(): AsyncGenerator<Uint8Array, void, undefined> {
      yield* writeTar(members);
      if (broken !== undefined) throw broken;
    }
    const stream = (): PassThrough => new PassThrough();
    const signal = new AbortController().signal;
    const io = { stdin: Readable.from([]), stdout: stream(), stderr: stream(), env: {}, cwd: folder, signal };
    await writeFolder({ path: join(folder, 'out'), shown: 'out' }, bytes(), 'exporting', io);
  }

  function file(path: string, text: string): NewTarMember {
    return { entry: { ...SHARED, path, kind: 'file', sizeBytes: text.length }, content: [Buffer.from(text)] };
  }

  it('takes no name on Windows that is a path there', () => {
    for (const name of ['..\\..\\evil.bat', 'a/c:x', 'a\\b']) {
      assert.equal(canBeNamed(name, 'win32'), false, name);
      assert.equal(canBeNamed(name, 'linux'), true, name);
    }
    assert.equal(canBeNamed('a/b.txt', 'win32'), true);
  });

  it('can be filled again though its folders are read-only, and the one it lies in is', async () => {
    fs.mkdirSync(join(folder, 'out'));
    if (process.getuid?.() === 0) {
      fs.chownSync(join(folder, 'out'), NOBODY, NOBODY);
      fs.chmodSync(folder, 0o755);
      process.seteuid?.(NOBODY);
    } else fs.chmodSync(folder, 0o555);
    try {
      const closed: NewTarMember = { entry: { ...SHARED, path: 'ro', kind: 'dir', mode: 0o555 } };
      const below: NewTarMember = { entry: { ...SHARED, path: 'ro/sub', kind: 'dir', mode: 0o500 } };
      await write([closed, below, file('ro/sub/a', 'one'), file('b', 'x')]);
      await write([closed, below, file('ro/sub/a', 'two')]);
    } finally {
      if (process.getuid?.() === 0) process.seteuid?.(0);
      else fs.chmodSync(folder, 0o755);
    }
    assert.equal(fs.readFileSync(join(folder, 'out/ro/sub/a'), 'utf8'), 'two');
    assert.equal(fs.statSync(join(folder, 'out/ro')).mode & 0o7777, 0o555);
    assert.equal(fs.statSync(join(folder, 'out/ro/sub')).mode & 0o7777, 0o500);
    assert.deepEqual(fs.readdirSync(join(folder, 'out')).toSorted(), ['b', 'ro']);
  });

  it('stays as it was when the archive breaks off', async () => {
    await write([file('a', 'old')]);
    await assert.rejects(write([file('a', 'new'), file('b', '')], new Error('broke off')), /broke off/);
    assert.deepEqual(fs.readdirSync(join(folder, 'out')), ['a']);
    assert.equal(fs.readFileSync(join(folder, 'out/a'), 'utf8'), 'old');
  });
});

const SHARED: Omit<TarEntry, 'path' | 'kind'> = { mode: 0o644, uid: 0, gid: 0, sizeBytes: 0, mtimeNs: 0n };
