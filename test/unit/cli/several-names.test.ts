/** Verbs over several names: what can be done is done, what cannot is said, and the exit code is 1. */

import assert from 'node:assert/strict';

import { runNaru } from '../../support/naru-cli.ts';
import { type FakeEngine, fakeEngine, type Received, type Scripted } from '../driver/fake-engine.ts';

const MISSING = ['gone', 'lost'];

/** Knows every container but those two, and no image, network or volume. */
function answer({ method, url }: Received): Scripted {
  const [, kind, name] = /^\/v[\d.]+\/(\w+)\/([^/?]+)/.exec(url) ?? [];
  if (kind !== 'containers' || MISSING.includes(name ?? ''))
    return {
      status: 404,
      body: { message: `No such ${kind === 'containers' ? 'container' : 'thing'}: ${name}` },
    };
  if (url.includes('/wait')) return { body: { StatusCode: 3 } };
  return method === 'GET' ? { body: { Id: name } } : { status: 204 };
}

describe('several names', () => {
  let fake: FakeEngine;

  before(async () => {
    fake = await fakeEngine(answer);
  });
  after(() => fake?.close());

  for (const verb of ['start', 'stop', 'restart', 'kill', 'pause', 'unpause', 'rm']) {
    it(`${verb}: prints what was done, in order, and what was not there`, async () => {
      const { status, stdout, stderr } = await runNaru(fake.host, [verb, 'a', 'gone', 'b', 'lost']);
      assert.deepEqual(
        [status, stdout, stderr],
        [1, 'a\nb\n', 'naru: No such container: gone\nnaru: No such container: lost\n'],
      );
    });
  }

  it('wait: prints exit codes', async () => {
    const { status, stdout } = await runNaru(fake.host, ['wait', 'a', 'gone', 'b']);
    assert.deepEqual([status, stdout], [1, '3\n3\n']);
  });

  it('inspect: prints what was found as one list', async () => {
    const { status, stdout, stderr } = await runNaru(fake.host, ['inspect', 'gone', 'a', 'lost', 'b']);
    assert.deepEqual([status, JSON.parse(stdout)], [1, [{ Id: 'a' }, { Id: 'b' }]]);
    const words = (name: string): string =>
      `naru: no container, image, network or volume is called ${name}\n`;
    assert.equal(stderr, words('gone') + words('lost'));
  });

  it('inspect: by a template, and of one type', async () => {
    const { status, stdout, stderr } = await runNaru(fake.host, [
      'container',
      'inspect',
      '-f',
      '{{.Id}}',
      'a',
      'gone',
    ]);
    assert.deepEqual([status, stdout, stderr], [1, 'a\n', 'naru: No such container: gone\n']);
  });

  it('inspect: an empty list when nothing was found', async () => {
    const { status, stdout } = await runNaru(fake.host, ['inspect', 'gone']);
    assert.deepEqual([status, stdout], [1, '[]\n']);
  });

  it('are stopped side by side', async () => {
    fake.received.length = 0;
    const names = Array.from({ length: 120 }, (_, index) => `c${index}`);
    const { status, stdout } = await runNaru(fake.host, ['stop', ...names]);
    assert.deepEqual([status, stdout], [0, names.map((name) => `${name}\n`).join('')]);
    assert.equal(fake.received.length, 120);
  });
});
