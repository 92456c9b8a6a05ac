/** Starting the local engine where it cannot be: one sentence with the next thing to do. */

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { NaruError } from '../../../core/errors.ts';
import { openLocalTarget } from '../../../client/driver/targets/local/local.ts';
import { localPlaces } from '../../../client/driver/targets/local/places.ts';
import { SILENT_PROMPTS } from '../../../client/driver/ssh/prompts.ts';

describe('the local engine', () => {
  let folder = '';

  before(function () {
    if (process.platform !== 'linux') this.skip(); // it runs there only
    folder = mkdtempSync(join(tmpdir(), 'naru-local-'));
    writeFileSync(join(folder, 'file'), '');
  });
  after(() => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  for (const [root, reason] of [
    ['/proc/naru-none', 'no such file or directory'],
    ['FOLDER/file', 'a file is in the way'],
    ['FOLDER/file/x', 'not a directory'],
  ] as const) {
    it(`says that it cannot make ${root}`, async () => {
      const path = root.replace('FOLDER', folder);
      const env = {
        NARU_ENGINE: import.meta.filename,
        NARU_ENGINE_NODE: process.execPath,
        NARU_ROOT: path,
        NARU_SOCKET: join(folder, 'socket'),
      };
      await assert.rejects(openLocalTarget({ env, prompts: SILENT_PROMPTS }), (error) => {
        assert.ok(error instanceof NaruError);
        assert.equal(error.message, `cannot make ${path}: ${reason}`);
        assert.equal(error.hint, 'NARU_ROOT chooses another place for the engine');
        return true;
      });
    });
  }

  it('uses the engine of another command that was quicker, and leaves its log alone', async () => {
    const root = join(folder, 'shared');
    const engine = join(folder, 'slow-engine.mjs');
    writeFileSync(engine, SLOW_ENGINE);
    const env = {
      NARU_ENGINE: engine,
      NARU_ENGINE_NODE: process.execPath,
      NARU_ROOT: root,
      NARU_SOCKET: join(folder, 's'),
    };
    const open = () => openLocalTarget({ env, prompts: SILENT_PROMPTS });
    const targets = await Promise.all([open(), open(), open()]);
    for (const target of targets) (await target.connect()).on('error', () => undefined).end('end');
    assert.deepEqual(
      readdirSync(root).filter((name) => name.startsWith('start.log')),
      ['start.log'],
    );
    assert.equal(readFileSync(join(root, 'start.log'), 'utf8'), 'slow engine\n');
  });

  it('takes paths from the current folder', () => {
    const env = { NARU_ROOT: 'here', NARU_SOCKET: './s' };
    assert.deepEqual(localPlaces(env), { root: resolve('here'), socket: resolve('s') });
  });

  for (const [socket, expected] of [
    ['unix:///x/n.sock', '/x/n.sock'],
    ['/x/n.sock', '/x/n.sock'],
    ['unix://n.sock', resolve('n.sock')],
    ['a:b/n.sock', resolve('a:b/n.sock')],
    ['tcp://localhost:2375', undefined],
    ['ssh://box', undefined],
    ['unix:/x/n.sock', undefined],
    ['unix://', undefined],
  ] as const) {
    it(`takes the socket ${socket}: ${expected ?? 'refused'}`, () => {
      if (expected === undefined)
        assert.throws(() => localPlaces({ NARU_SOCKET: socket }), { code: 'E_SOCKET_ADDRESS' });
      else assert.equal(localPlaces({ NARU_SOCKET: socket }).socket, expected);
    });
  }
});

/** Takes its root at once, and answers when another one has been told that it is taken. */
const SLOW_ENGINE = `
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
const root = process.argv[3];
const socket = process.argv[5].slice('unix://'.length);
try {
  mkdirSync(root + '/lock');
} catch {
  writeFileSync(root + '/beaten', '');
  console.error('engine: another engine (pid 1) uses ' + root);
  process.exit(1);
}
console.error('slow engine');
const timer = setInterval(() => {
  if (!existsSync(root + '/beaten')) return;
  clearInterval(timer);
  setTimeout(() => createServer((client) => client.once('data', () => process.exit())).listen(socket), 300);
}, 10);
`;
