/** Builds through the engine's API, in a process that can be killed. Needs root and the native tools. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';

import { digestHex, digestOf } from '../../../core/oci/digest.ts';
import type { BuildEvent } from '../../../core/protocol/build.ts';
import { mountPointsBelow } from '../../../runtime/host/overlay-mount.ts';
import { busyboxArchive } from '../../../scripts/base-images.ts';
import { until } from '../../support/until.ts';
import { type EngineProcess, eventsOf, startEngine } from './engine-process.ts';
import { PLATFORM } from './rig.ts';
import { requestOf, statesOf, sync } from './synced.ts';

describe('builds of an engine', function () {
  this.timeout(120_000);
  let engine: EngineProcess;
  before(async () => {
    engine = await startEngine();
    const loaded = await eventsOf(
      engine.lines('POST', '/images/load', fs.createReadStream(await busyboxArchive())),
    );
    assert.ok(loaded.length > 0);
  });
  after(() => engine.remove());

  it('takes a context once, and only what it lacks of the next', async () => {
    const first = await sync(engine, { 'src/a': 'one', 'src/b': 'two' });
    assert.equal(first.nSent, 2);
    const second = await sync(engine, { 'src/a': 'one', 'src/b': 'three' });
    assert.equal(second.nSent, 1);
    assert.notEqual(first.id, second.id);
  });

  it('builds from a synced context, and answers what a preview asks', async () => {
    const { id } = await sync(engine, { 'src/a': 'one\n' });
    const request = requestOf('FROM busybox\nCOPY src /src\nRUN cat /src/a\n', id);
    const events = await eventsOf(engine.lines('POST', '/naru/v1/builds', request));
    assert.deepEqual(statesOf(events), ['1 CACHED', '2 RUN', '3 RUN']);
    assert.ok(events.some((event) => event.type === 'log' && event.text === 'one\n'));
    const result = events.at(-1);
    assert.equal(result?.type, 'result');
    const images = await engine.call('POST', '/naru/v1/images/resolve', {
      images: [{ reference: 'busybox', platform: PLATFORM }],
      isLocalOnly: true,
    });
    assert.equal(images.status, 200);
  });

  it('cancels a build that nobody follows any more: at once, or later where its client may come back', async () => {
    const { id } = await sync(engine, {});
    async function begin(seconds: number, mayComeBack: boolean): Promise<AsyncGenerator<string, void, void>> {
      const request = { ...requestOf(`FROM busybox\nRUN echo begun; sleep ${seconds}\n`, id), mayComeBack };
      const lines = engine.lines('POST', '/naru/v1/builds', request);
      for (let line = await lines.next(); !line.done; line = await lines.next())
        if (line.value.includes('"begun\\n"')) return lines;
      throw new Error('the build ended');
    }
    const distant = await begin(618, true);
    const near = await begin(617, false);
    await distant.return();
    await near.return();
    await until('the end of the step', () => !isAnyRunning(['sleep', '617']), 30_000);
    assert.ok(isAnyRunning(['sleep', '618']));
    await until('the end of the other step', () => !isAnyRunning(['sleep', '618']), 30_000);
  });

  it('keeps what a container writes out of the layers and contents it stands on', async () => {
    // So many that they are linked.
    const more = Array.from({ length: 2000 }, (_, nth) => [`src/more${nth}`, ''] as const);
    const { id } = await sync(engine, { 'src/one': 'one', 'src/two': 'two', ...Object.fromEntries(more) });
    const request = requestOf('FROM busybox\nCOPY src /src\n', id);
    const events = await eventsOf(engine.lines('POST', '/naru/v1/builds', request));
    const built = events.at(-1);
    assert.ok(built?.type === 'result');
    const script =
      'cd /src && echo more >> one && chmod 600 two && printf X | dd of=two conv=notrunc && mv one three';
    const first = await runContainer(engine, built.image, script);
    const second = await runContainer(
      engine,
      built.image,
      '[ "$(cat /src/one /src/two)" = onetwo ] && [ -r /src/two ]',
    );
    assert.deepEqual([first, second], [0, 0]);
    const store = join(engine.directory, 'root/build/contexts/content/files');
    for (const name of fs.readdirSync(store))
      assert.equal(digestHex(digestOf(fs.readFileSync(join(store, name)))), name);
    assert.equal(fs.statSync(join(store, digestHex(digestOf('two')))).mode & 0o777, 0o644);
  });

  it('goes on from the finished steps after it was killed in the middle of a step', async () => {
    const { id } = await sync(engine, {});
    const dockerfile =
      'FROM busybox\nRUN echo kept > /kept\nRUN echo half > /half && echo waiting && sleep 100\n';
    const request = { ...requestOf(dockerfile, id), mayComeBack: true };
    for await (const line of engine.lines('POST', '/naru/v1/builds', request)) {
      if (line.includes('waiting') && line.includes('"log"')) break;
    }
    await engine.killAndRestart();
    assert.deepEqual(mountPointsBelow(engine.directory), [], 'half-made snapshots are gone');
    const again = requestOf(dockerfile.replace('sleep 100', 'true'), id);
    const events = await eventsOf(engine.lines('POST', '/naru/v1/builds', again));
    assert.deepEqual(statesOf(events), ['1 CACHED', '2 CACHED', '3 RUN']);
  });

  it('lets a client that left read on, and cancels', async () => {
    const { id } = await sync(engine, {});
    const dockerfile = 'FROM busybox\nRUN echo begun && sleep 100\n';
    let build = '';
    for await (const line of engine.lines('POST', '/naru/v1/builds', requestOf(dockerfile, id))) {
      const event = JSON.parse(line) as BuildEvent;
      if (event.type === 'started') build = event.build;
      if (event.type === 'log') break;
    }
    assert.equal((await engine.call('DELETE', `/naru/v1/builds/${build}`)).status, 204);
    const events = await eventsOf(engine.lines('GET', `/naru/v1/builds/${build}/events?after=1`));
    assert.equal(events[0]?.seq, 2);
    assert.equal(events.at(-1)?.type, 'error');
  });
});

/** The exit code of a shell script in a new container. */
async function runContainer(engine: EngineProcess, image: string, script: string): Promise<unknown> {
  const created = await engine.call('POST', '/containers/create', {
    Image: image,
    Cmd: ['sh', '-c', script],
    HostConfig: { NetworkMode: 'none' },
  });
  assert.equal(created.status, 201, JSON.stringify(created.body));
  const { Id } = created.body as { Id: string }; // the engine's answer
  assert.equal((await engine.call('POST', `/containers/${Id}/start`)).status, 204);
  const { body } = await engine.call('POST', `/containers/${Id}/wait`);
  await engine.call('DELETE', `/containers/${Id}`);
  return (body as { StatusCode: number }).StatusCode; // the engine's answer
}

function isAnyRunning(argv: readonly string[]): boolean {
  const commandLine = argv.map((word) => `${word}\u0000`).join('');
  return fs.readdirSync('/proc').some((name) => {
    try {
      return /^\d+$/.test(name) && fs.readFileSync(join('/proc', name, 'cmdline'), 'utf8') === commandLine;
    } catch {
      return false; // it ended meanwhile
    }
  });
}
