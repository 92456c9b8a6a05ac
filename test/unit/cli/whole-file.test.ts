/** Files that are there whole or not at all. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
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

  it('take away what a killed writer of the same file left, and nothing of one that lives', async function () {
    if (process.platform !== 'linux') this.skip();
    const writing = async (name: string): Promise<ChildProcess> => {
      const module = JSON.stringify(join(import.meta.dirname, '../../../client/cli/whole-file.ts'));
      const program = `import { writeWholeFile } from ${module};
        await writeWholeFile(${JSON.stringify(join(folder, name))}, async () => (async function* () {
          process.stdout.write('writing');
          await new Promise((done) => setTimeout(done, 600_000));
        })());`;
      const argv = ['--input-type=module-typescript', '-e', program];
      const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      return child;
    };
    const kill = async (child: ChildProcess): Promise<void> => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    };
    const dead = await writing('a');
    const other = await writing('a.b');
    await Promise.all([kill(dead), kill(other)]);
    const alive = await writing('a');
    try {
      // Whoever wrote to a took away what the dead one left of a, and not of a.b.
      const left = readdirSync(folder);
      const shown = left.map((name) => name.replace(/[0-9a-f]{8}-.*/, '')).toSorted();
      assert.deepEqual(shown, ['.a.', '.a.b.']);
      await writeWholeFile(join(folder, 'a'), whole);
      assert.deepEqual(readdirSync(folder).toSorted(), [...left, 'a'].toSorted());
      // Another process may have got its number since.
      const own = left.find((name) => name.includes(`-${alive.pid}-`)) ?? '';
      const reused = own.replace(/-\d+-([0-9a-f]+)$/, '-1-$1');
      const elsewhere = own
        .replace(/[0-9a-f]{12}$/, '0'.repeat(12))
        .replace(`-${alive.pid}-`, `-${dead.pid}-`);
      for (const name of [reused, elsewhere]) writeFileSync(join(folder, name), '');
      await writeWholeFile(join(folder, 'a'), whole);
      assert.deepEqual(readdirSync(folder).toSorted(), [...left, 'a', elsewhere].toSorted());
    } finally {
      await kill(alive);
    }
  });

  it('have names as long as any', async () => {
    const name = 'n'.repeat(245);
    await writeWholeFile(join(folder, name), whole);
    assert.deepEqual(readdirSync(folder), [name]);
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
