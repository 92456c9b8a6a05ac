/** `naru build` again and again beside an engine on this machine, which looks at the context in the client's place: every change is seen, however little shows of it. */

import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { LOOK_THREAD } from '../../runtime/build/context-looks.ts';
import { type EngineUnderTest, startEngine } from '../support/engine.ts';
import { runNaru } from '../support/naru-cli.ts';
import { requireRoot } from '../support/skip.ts';
import { until } from '../support/until.ts';

/** Enough for statx (local/disk-look.ts). */
const N_FILES = 1200;

/** So that equal files make equal images. */
const EPOCH = ['--build-arg', 'SOURCE_DATE_EPOCH=1700000000'];

describe('naru builds again', function () {
  this.timeout(120_000);
  let engine: EngineUnderTest;
  let folder = '';
  let root = '';
  before(async function () {
    requireRoot(this);
    engine = await startEngine();
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'naru-again-')));
    root = join(folder, 'context');
    for (let nth = 0; nth < N_FILES; nth += 1) {
      const directory = join(root, 'src', `d${nth % 12}`);
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, `f${nth}`), `${nth}`);
      utimesSync(join(directory, `f${nth}`), 1_000_000, 1_000_000);
    }
    symlinkSync('d0/f0', join(root, 'src/link'));
    writeFileSync(join(root, 'Dockerfile'), 'FROM scratch\nCOPY src /src\n');
  });
  after(async () => {
    await engine?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function image(...flags: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await runNaru(engine.host, ['build', '-q', ...EPOCH, ...flags, root]);
    assert.equal(status, 0, stderr);
    return stdout.trim();
  }

  it('has the engine look at the context', async () => {
    assert.equal(hasLooked(), false);
    await image();
    assert.ok(hasLooked());
  });

  /** The thread for it stays for a minute. */
  function hasLooked(): boolean {
    const tasks = `/proc/${engine.pid}/task`;
    return readdirSync(tasks).some(
      (task) => readFileSync(join(tasks, task, 'comm'), 'utf8') === `${LOOK_THREAD}\n`,
    );
  }

  /** By a client that knows nothing of earlier builds: all files are read, whatever was seen before. */
  async function freshImage(): Promise<string> {
    const before = process.env['XDG_CACHE_HOME'];
    process.env['XDG_CACHE_HOME'] = mkdtempSync(join(folder, 'cache-'));
    try {
      return await image('--no-cache');
    } finally {
      if (before === undefined) delete process.env['XDG_CACHE_HOME'];
      else process.env['XDG_CACHE_HOME'] = before;
    }
  }

  const at = (path: string): string => join(root, 'src', path);
  const CHANGES: readonly (readonly [string, () => void])[] = [
    [
      'content of the same size and time',
      () => {
        const { atime, mtime } = lstatSync(at('d3/f1155'));
        writeFileSync(at('d3/f1155'), '1156');
        utimesSync(at('d3/f1155'), atime, mtime);
      },
    ],
    ['a mode', () => chmodSync(at('d1/f1'), 0o711)],
    ['a renamed file', () => renameSync(at('d2/f2'), at('d2/g2'))],
    [
      'a link to somewhere else',
      () => {
        rmSync(at('link'));
        symlinkSync('d1/f1', at('link'));
      },
    ],
    ['a file more', () => writeFileSync(at('d4/new'), '')],
  ];
  for (const [what, change] of CHANGES)
    it(`sees ${what}`, async () => {
      await until('the files are old enough to be relied on', async () => {
        await image();
        return newestMs(root) + 2100 < Date.now();
      });
      const before = await image();
      assert.equal(await image(), before);
      change();
      const after = await image();
      assert.notEqual(after, before);
      assert.equal(await freshImage(), after, 'as a build without a cache has it');
    });

  /** When anything in the directory last changed. */
  function newestMs(directory: string): number {
    const below = readdirSync(directory, { withFileTypes: true }).map((entry) => {
      const path = join(directory, entry.name);
      return entry.isDirectory() ? newestMs(path) : lstatSync(path).ctimeMs;
    });
    return Math.max(lstatSync(directory).ctimeMs, ...below);
  }

  it('sees an ignore file come and go', async () => {
    const before = await image();
    writeFileSync(join(root, '.dockerignore'), 'src/d5\n');
    const less = await image();
    assert.notEqual(less, before);
    assert.equal(await image(), less);
    rmSync(join(root, '.dockerignore'));
    assert.equal(await image(), before);
  });
});
