/** An engine that goes away in the middle of a command: what is said, the exit code, and what is left behind. */

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runNaru } from '../../support/naru-cli.ts';
import { type FakeEngine, fakeEngine, type Received, type Scripted } from '../driver/fake-engine.ts';

const BROKEN: Scripted = { chunks: ['half'], isBroken: true };

function answer({ method, url }: Received): Scripted {
  if (url.endsWith('/start') && url.includes('/exec/')) return { upgrade: new Uint8Array(), isBroken: true };
  if (url.endsWith('/exec')) return { status: 201, body: { Id: 'e' } };
  if (url.includes('/create')) return { status: 201, body: { Id: 'c' } };
  if (url.includes('/attach')) return { upgrade: new Uint8Array(), isBroken: true };
  if (method === 'GET' && url.endsWith('/json?')) return { body: { Id: 'c', State: { Status: 'running' } } };
  if (method === 'GET' && /containers\/\w+\/json/.test(url))
    return { body: { Id: 'c', State: { Status: 'running' } } };
  if (url.endsWith('/start')) return { status: 204 };
  return BROKEN;
}

const LOST: readonly (readonly [args: readonly string[], status: number, message: RegExp])[] = [
  [
    ['logs', '-f', 'c'],
    1,
    /^(half)?naru: the engine went away while the log was read\n +start it again, then run the command again\n$/,
  ],
  [
    ['run', 'img'],
    125,
    /^naru: the engine went away while the container was running\n +start it again, then containers go on without it: /,
  ],
  [['attach', 'c'], 1, /^naru: the engine went away while the container was running\n/],
  [['exec', 'c', 'ls'], 1, /^naru: the engine went away while the command was running\n/],
  [['events'], 1, /^naru: the engine went away in the middle of naru events\n/],
  [['ps'], 1, /^naru: the engine went away in the middle of naru ps\n/],
  [['save', '-o', 'out.tar', 'img'], 1, /^naru: the engine went away while saving\n/],
  [['export', '-o', 'out.tar', 'c'], 1, /^naru: the engine went away in the middle of naru export\n/],
  [['load', '-i', 'in.tar'], 1, /^naru: the engine went away while loading\n/],
];

describe('an engine that goes away', () => {
  let fake: FakeEngine;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'naru-lost-'));
    writeFileSync(join(folder, 'in.tar'), Buffer.alloc(1024));
    fake = await fakeEngine(answer);
  });
  after(async () => {
    await fake?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [args, status, message] of LOST) {
    it(`${args.join(' ')}: says what was under way and what to do, and leaves nothing`, async () => {
      const result = await runNaru(fake.host, args, { cwd: folder });
      assert.match(result.stderr, message);
      assert.doesNotMatch(result.stderr, /is it running/);
      assert.equal(result.status, status, result.stderr);
      assert.deepEqual(readdirSync(folder), ['in.tar']);
    });
  }

  it('is another thing than one that was never there', async () => {
    const { status, stderr } = await runNaru(`unix://${folder}/nobody.sock`, ['ps']);
    assert.equal(status, 1);
    assert.match(stderr, /^naru: cannot connect to the engine at .*nobody\.sock\n +is it running\?\n$/);
  });
});
