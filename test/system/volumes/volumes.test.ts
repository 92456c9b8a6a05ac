/** Volumes in containers: copy-up, sharing, who uses them, what is removed with a container. Needs root. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';

import type { HostOptions } from '../../../runtime/engine/containers/container.ts';
import { BUSYBOX, makeEngine, removeEngine, run, type TestEngine } from '../containers/engine.ts';
import { until } from '../../support/until.ts';

describe('volumes', () => {
  let engine: TestEngine;
  before(async () => {
    engine = await makeEngine();
  });
  after(() => removeEngine(engine));

  const sh = async (script: string, host: HostOptions): Promise<string> =>
    (await run(engine, ['sh', '-c', script], host)).stdout;

  it('keeps a named volume between containers', async () => {
    engine.volumes.create({ name: 'kept', labels: { k: 'v' } });
    await sh('echo keep > /d/f', { binds: ['kept:/d'] });
    const mounts = [{ type: 'volume', source: 'kept', target: '/d', readOnly: true }] as const;
    assert.equal(await sh('cat /d/f; touch /d/g 2>/dev/null || echo ro', { mounts }), 'keep\nro\n');
    assert.equal(fs.readFileSync(`${engine.volumes.get('kept').mountpoint}/f`, 'utf8'), 'keep\n');
  });

  it('fills an empty volume with what the image has there, owner and mode included', async () => {
    assert.equal(await sh('cat /w/a.txt; stat -c %u:%g /w', { binds: ['filled:/w'] }), 'hello\n33:33\n');
    await sh('rm /w/a.txt; echo own > /w/own', { binds: ['filled:/w'] });
    assert.equal(await sh('ls /w', { binds: ['filled:/w'] }), 'own\n', 'what is in use is not filled again');
    assert.equal(await sh('ls /w', { binds: ['bare:/w:nocopy'] }), '');
  });

  it('removes anonymous volumes with `--rm` and leaves named ones', async () => {
    const before = engine.volumes.list().length;
    const ran = await run(engine, ['cat', '/w/a.txt'], { binds: ['named-here:/x'] }, { volumes: ['/w'] });
    assert.equal(ran.stdout, 'hello\n');
    assert.deepEqual(engine.volumes.list().length, before + 1);
  });

  it('is in use until its last container is removed', async () => {
    const { id } = await engine.containers.create({
      config: { image: BUSYBOX, cmd: ['true'] },
      host: { binds: ['shared:/d'] },
    });
    assert.throws(
      () => engine.volumes.remove('shared', false),
      new RegExp(`remove shared: volume is in use - \\[${id}\\]`),
    );
    assert.equal(await sh('echo x > /d/f; cat /d/f', { volumesFrom: [`${id.slice(0, 12)}`] }), 'x\n');
    assert.equal(await sh('touch /d/g 2>/dev/null || echo ro', { volumesFrom: [`${id}:ro`] }), 'ro\n');
    await engine.containers.remove(id, { volumes: true });
    engine.volumes.remove('shared', false);
    assert.throws(() => engine.volumes.get('shared'), /no such volume/);
  });

  it('mounts what the driver options say, while a container runs', async () => {
    const volume = engine.volumes.create({
      name: 'memory',
      options: { type: 'tmpfs', device: 'tmpfs', o: 'size=1m' },
    });
    assert.match(await sh('mount | grep " /d "', { binds: ['memory:/d'] }), /tmpfs .*size=1024k/);
    // A moment after everyone was told of the end.
    await until(
      'the unmount',
      () => !fs.readFileSync('/proc/self/mountinfo', 'utf8').includes(volume.mountpoint),
    );
    engine.volumes.create({ name: 'wrong', options: { type: 'nosuchfs', device: 'x' } });
    await assert.rejects(run(engine, ['true'], { binds: ['wrong:/d'] }), /failed to mount local volume/);
  });

  it('lists by filters', () => {
    engine.volumes.create({ name: 'label-1', labels: { k: 'v' } });
    const find = (...filters: [string, string][]): readonly string[] =>
      engine.volumes.list(new Map(filters.map(([key, value]) => [key, [value]]))).map(({ name }) => name);
    assert.deepEqual(find(['name', 'label-'], ['label', 'k=v'], ['dangling', 'true']), ['label-1']);
    assert.deepEqual(find(['name', 'label-'], ['dangling', 'false']), []);
  });

  it('refuses wrong specifications', async () => {
    for (const [bind, message] of [
      ['a:b', /mount path must be absolute/],
      ['a:/', /destination can't be '\/'/],
      ['x y:/d', /invalid characters for a local volume name/],
      ['a:/b:nonsense', /invalid mode: nonsense/],
    ] as const) {
      await assert.rejects(run(engine, ['true'], { binds: [bind] }), message, bind);
    }
    await assert.rejects(run(engine, ['true'], { binds: ['a:/d', 'b:/d'] }), /Duplicate mount point: \/d/);
  });
});
