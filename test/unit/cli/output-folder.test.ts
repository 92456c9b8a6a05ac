/** A tar as files in a folder, by somebody who is not root. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
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

  it('takes away what a killed writer left in it, and nothing of one that lives', async function () {
    if (process.platform !== 'linux') this.skip();
    const writing = async (): Promise<ChildProcess> => {
      const module = JSON.stringify(join(import.meta.dirname, '../../../client/cli/build/output-folder.ts'));
      const place = JSON.stringify({ path: join(folder, 'out'), shown: 'out' });
      const program = `import { PassThrough } from 'node:stream';
        import { writeFolder } from ${module};
        const io = { stdout: new PassThrough(), stderr: new PassThrough(), env: {} };
        await writeFolder(${place}, (async function* () {
          process.stdout.write('writing');
          await new Promise((done) => setTimeout(done, 600_000));
        })(), 'exporting', io);`;
      const argv = ['--input-type=module-typescript', '-e', program];
      const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      return child;
    };
    const kill = async (child: ChildProcess): Promise<void> => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    };
    await kill(await writing());
    const [left = ''] = fs.readdirSync(join(folder, 'out'));
    fs.mkdirSync(join(folder, 'out', left, 'half'));
    fs.writeFileSync(join(folder, 'out', left, 'half/written'), '');
    const alive = await writing();
    try {
      const own = fs.readdirSync(join(folder, 'out'));
      assert.deepEqual([own.length, own.includes(left)], [1, false]);
      await write([file('a', 'x')]);
      assert.deepEqual(fs.readdirSync(join(folder, 'out')).toSorted(), [...own, 'a'].toSorted());
    } finally {
      await kill(alive);
    }
    await write([file('a', 'x')]);
    assert.deepEqual(fs.readdirSync(join(folder, 'out')), ['a']);
  });

  it('stays as it was when the archive breaks off', async () => {
    await write([file('a', 'old')]);
    await assert.rejects(write([file('a', 'new'), file('b', '')], new Error('broke off')), /broke off/);
    assert.deepEqual(fs.readdirSync(join(folder, 'out')), ['a']);
    assert.equal(fs.readFileSync(join(folder, 'out/a'), 'utf8'), 'old');
  });
});

const SHARED: Omit<TarEntry, 'path' | 'kind'> = { mode: 0o644, uid: 0, gid: 0, sizeBytes: 0, mtimeNs: 0n };
