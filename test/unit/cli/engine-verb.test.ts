/** `naru engine`: the places it takes where none are named are those of every other verb. */

import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { localPlaces } from '../../../client/driver/targets/local/places.ts';
import { runNaru } from '../../support/naru-cli.ts';

describe('naru engine', () => {
  let folder = '';

  before(function () {
    if (process.platform === 'win32') this.skip(); // the program below is a shell's
    folder = mkdtempSync(join(tmpdir(), 'naru-engine-verb-'));
    writeFileSync(
      join(folder, 'node'),
      '#!/bin/sh\nwhile [ "${1#-}" != "$1" ]; do shift; done\nshift; echo "$@" > "$SAID"\n',
    );
    chmodSync(join(folder, 'node'), 0o755);
  });
  after(() => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  /** The engine's own options, as the program that runs it gets them. */
  async function optionsOf(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
    const said = join(folder, 'said');
    process.env['SAID'] = said;
    const program = { NARU_ENGINE: import.meta.filename, NARU_ENGINE_NODE: join(folder, 'node') };
    const { status, stderr } = await runNaru('', ['engine', ...args], { env: { ...program, ...env } });
    delete process.env['SAID'];
    assert.equal(status, 0, stderr);
    return readFileSync(said, 'utf8').trim();
  }

  it('takes the usual ones', async () => {
    const { root, socket } = localPlaces({ ...process.env, NARU_ROOT: '', NARU_SOCKET: '' });
    const said = await optionsOf([], { NARU_ROOT: '', NARU_SOCKET: '' });
    assert.equal(said, `--root ${root} --listen unix://${socket}`);
  });

  it('takes those of the environment, and flags before them', async () => {
    const env = { NARU_ROOT: '/a/root', NARU_SOCKET: '/a/socket' };
    assert.equal(await optionsOf([], env), '--root /a/root --listen unix:///a/socket');
    assert.equal(await optionsOf(['--root', '/b'], env), '--root /b --listen unix:///a/socket');
  });

  it('takes its socket as --listen does, too', async () => {
    const env = { NARU_ROOT: '/a/root', NARU_SOCKET: 'unix:///a/socket' };
    assert.equal(await optionsOf([], env), '--root /a/root --listen unix:///a/socket');
  });

  it('refuses other addresses in one sentence, and no command that needs no engine', async () => {
    const env = { NARU_SOCKET: 'tcp://127.0.0.1:2375' };
    const sentence =
      'naru: NARU_SOCKET is tcp://127.0.0.1:2375, which names no socket of this machine\n      write PATH or unix://PATH\n';
    for (const verb of ['engine', 'ps']) {
      const { status, stderr } = await runNaru('local', [verb], { env });
      assert.deepEqual([verb, status === 0, stderr], [verb, false, sentence]);
    }
    assert.equal((await runNaru('', ['lint', '--help'], { env })).status, 0);
  });
});
