/** Processes started without forking: what they are given, what they say, how they end. */

import assert from 'node:assert/strict';
import { closeSync, openSync, readdirSync } from 'node:fs';
import type { Readable } from 'node:stream';

import { isErrorKind } from '../../core/errors.ts';
import { libc } from '../../runtime/host/libc.ts';
import { startLightProcess } from '../../runtime/host/light-process.ts';

describe('a light process', () => {
  it('has an empty stdin, two outputs and the environment', async () => {
    process.env['NARU_TEST_LIGHT'] = 'a b';
    const told = await run('cat; echo "$NARU_TEST_LIGHT"; echo note >&2; exit 7');
    delete process.env['NARU_TEST_LIGHT'];
    assert.deepEqual(told, ['a b\n', 'note\n', 7]);
  });

  it('gives all of a large output', async () => {
    const [stdout, stderr] = await run('head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2');
    assert.deepEqual([stdout.length, stderr.length], [3_000_000, 3_000_000]);
  });

  it('tells the signal that ended it, and is killed once', async () => {
    const started = await startLightProcess(shell('echo ready; exec sleep 1000'));
    started.stderr.resume();
    await new Promise((resolve) => started.stdout.once('data', resolve));
    started.kill();
    assert.equal(await started.closed, 128 + 9);
    started.kill();
  });

  it('does not pass for one that ended well when its end went to somebody else', async () => {
    // A child that stays holds the outputs open.
    const { stdout, stderr, closed } = await startLightProcess(shell('sleep 1000 & echo $$ $!; exit 7'));
    stderr.resume();
    const told = await new Promise((resolve) => stdout.once('data', resolve));
    const [pid = 0, child = 0] = String(told).split(' ').map(Number);
    await new Promise<void>((resolve) => libc.waitpid.async(pid, new Int32Array(1), 0, () => resolve()));
    process.kill(child, 'SIGKILL');
    await assert.rejects(closed, { code: 'E_EXEC_FAILED' });
  });

  it('ends by a broken pipe, which the engine ignores', async () => {
    assert.deepEqual(await run('kill -PIPE $$; exit 3'), ['', '', 128 + 13]);
  });

  it('is given no file that the engine has open, and leaves none open', async () => {
    const before = readdirSync('/proc/self/fd').length;
    const file = openSync(import.meta.filename, 'r');
    const [listed] = await run('ls -l /proc/$$/fd');
    closeSync(file);
    assert.match(listed, /0 -> \/dev\/null/);
    assert.doesNotMatch(listed, /light-process/);
    assert.equal(readdirSync('/proc/self/fd').length, before);
  });

  it('calls a missing program unavailable, and leaves nothing open', async () => {
    const before = readdirSync('/proc/self/fd').length;
    await assert.rejects(startLightProcess(['/no/such/program']), (error) =>
      isErrorKind(error, 'unavailable'),
    );
    await assert.rejects(startLightProcess(['/dev', 'x']), {
      code: 'E_EXEC_FAILED',
      message: /\/dev x: EACCES/,
    });
    assert.equal(readdirSync('/proc/self/fd').length, before);
  });
});

async function run(script: string): Promise<readonly [string, string, number]> {
  const { stdout, stderr, closed } = await startLightProcess(shell(script));
  return Promise.all([textOf(stdout), textOf(stderr), closed]);
}

function shell(script: string): [string, ...string[]] {
  return ['/bin/sh', '-c', script];
}

async function textOf(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}
