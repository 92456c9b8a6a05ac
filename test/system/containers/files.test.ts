/** The files of containers from outside: cp, diff, export, commit. Needs root. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import type { TarEntry } from '../../../core/tar/entry.ts';
import { readMember, readTar } from '../../../local/tar/reader.ts';
import { writeTar } from '../../../local/tar/writer.ts';
import type { HostOptions } from '../../../runtime/engine/containers/container.ts';
import { BUSYBOX, collect, makeEngine, removeEngine, until, type TestEngine } from './engine.ts';

const NEVER = new AbortController().signal;
const PUT = { noOverwriteDirNonDir: false, copyUidGid: false, signal: NEVER };

describe('containers: files', () => {
  let engine: TestEngine;
  before(async () => {
    engine = await makeEngine();
  });
  after(() => removeEngine(engine));

  async function create(script: string, host: HostOptions = {}): Promise<string> {
    const { id } = await engine.containers.create({
      config: { image: BUSYBOX, cmd: ['sh', '-c', script] },
      host: { networkMode: 'none', ...host },
    });
    return id;
  }

  /** Ran to its end. */
  async function ran(script: string, host: HostOptions = {}): Promise<string> {
    const id = await create(script, host);
    await engine.containers.start(id);
    await engine.containers.wait(id, 'not-running', NEVER, () => undefined);
    return id;
  }

  async function shell(id: string, script: string): Promise<string> {
    const cmd = ['sh', '-c', script];
    const execId = await engine.containers.execCreate(id, { cmd, attachStdout: true, attachStderr: true });
    const session = await engine.containers.execStart(execId, { detach: false });
    assert.ok(session);
    return (await collect(session.stream)).stdout;
  }

  async function list(tar: Readable): Promise<ReadonlyMap<string, { entry: TarEntry; text: string }>> {
    const found = new Map<string, { entry: TarEntry; text: string }>();
    for await (const member of readTar(tar)) {
      const isSmall = member.entry.sizeBytes < 10_000;
      found.set(member.entry.path, {
        entry: member.entry,
        text: isSmall ? (await readMember(member, 10_000)).toString() : '',
      });
    }
    return found;
  }

  function tarOf(...members: (Partial<TarEntry> & { path: string; text?: string })[]): Readable {
    const all = members.map(({ text = '', ...entry }) => ({
      entry: {
        kind: 'file' as const,
        mode: 0o644,
        uid: 0,
        gid: 0,
        mtimeNs: 0n,
        sizeBytes: text.length,
        ...entry,
      },
      ...(text === '' ? {} : { content: [Buffer.from(text)] }),
    }));
    return Readable.from(writeTar(all), { objectMode: false });
  }

  for (const isRunning of [false, true]) {
    it(`copies out of a ${isRunning ? 'running' : 'stopped'} container`, async () => {
      const volume = join(engine.root, `bound-${isRunning}`);
      fs.mkdirSync(volume);
      fs.writeFileSync(join(volume, 'inside'), 'of the bind');
      const script = 'mkdir -p /www/d; echo served > /www/d/index.html; ln -s /www /link';
      const id = await create(`${script}; ${isRunning ? 'touch /done; sleep 100' : 'true'}`, {
        binds: [`${volume}:/bound`],
      });
      await engine.containers.start(id);
      if (isRunning) await until('it wrote', async () => (await shell(id, 'ls /done')) !== '');
      else await engine.containers.wait(id, 'not-running', NEVER, () => undefined);

      const { stat, tar } = await engine.containers.archiveGet(id, '/www');
      assert.deepEqual([stat.name, stat.mode & fs.constants.S_IFMT], ['www', fs.constants.S_IFDIR]);
      const files = await list(tar);
      assert.deepEqual([...files.keys()], ['www', 'www/d', 'www/d/index.html']);
      assert.equal(files.get('www/d/index.html')?.text, 'served\n');
      const inside = await list((await engine.containers.archiveGet(id, '/www/.')).tar);
      assert.deepEqual([...inside.keys()], ['.', './d', './d/index.html']);
      assert.deepEqual((await engine.containers.archiveStat(id, '/link')).linkTarget, '/www');
      assert.deepEqual(
        [...(await list((await engine.containers.archiveGet(id, '/link/')).tar)).keys()],
        ['link', 'link/d', 'link/d/index.html'],
      );
      assert.equal(
        (await list((await engine.containers.archiveGet(id, '/bound/inside')).tar)).get('inside')?.text,
        'of the bind',
      );
      await assert.rejects(
        engine.containers.archiveStat(id, '/nope'),
        /Could not find the file \/nope in container/,
      );
    });
  }

  it('copies into a running container and stays inside it', async () => {
    const id = await create(
      'ln -s /etc /tmp/absolute; ln -s ../../../../../../../../tmp /tmp/up; mkdir /tmp/dir; touch /tmp/ready; sleep 100',
    );
    await engine.containers.start(id);
    await until('it is ready', async () => (await shell(id, 'ls /tmp/ready')) !== '');
    const escape = `escape-${id.slice(0, 12)}`;
    await engine.containers.archivePut(
      id,
      '/tmp',
      tarOf(
        { path: 'in.txt', text: 'cp me', uid: 5, mode: 0o640 },
        { path: `absolute/${escape}`, text: 'x' },
        { path: `up/${escape}`, text: 'x' },
        { path: 'deep/er/file', text: 'd' },
      ),
      PUT,
    );
    assert.equal(
      await shell(id, 'cat /tmp/in.txt; stat -c " %u %a" /tmp/in.txt; cat /tmp/deep/er/file'),
      'cp me 5 640\nd',
    );
    assert.equal(await shell(id, `ls /etc/${escape} /tmp/${escape}`), `/etc/${escape}\n/tmp/${escape}\n`);
    const climbing = tarOf({ path: `../../../../../../../tmp/${escape}-dots`, text: 'x' });
    await assert.rejects(
      engine.containers.archivePut(id, '/tmp', climbing, PUT),
      /points outside the directory/,
    );
    for (const host of ['/etc', '/tmp'])
      assert.ok(!fs.existsSync(join(host, escape)) && !fs.existsSync(join(host, `${escape}-dots`)));
    const clash = { ...PUT, noOverwriteDirNonDir: true };
    await assert.rejects(
      engine.containers.archivePut(id, '/tmp', tarOf({ path: 'dir', text: 'f' }), clash),
      /cannot overwrite directory/,
    );
    await assert.rejects(engine.containers.archivePut(id, '/tmp/in.txt', tarOf(), PUT), /not a directory/);
  });

  it('refuses to copy into what is read-only', async () => {
    const id = await create('true', { readonlyRootfs: true });
    await assert.rejects(
      engine.containers.archivePut(id, '/tmp', tarOf(), PUT),
      /container rootfs is marked read-only/,
    );
  });

  it('tells what a container changed, with what it mounts on, without what every container mounts on', async () => {
    const id = await ran(
      'mkdir /www; echo x > /www/f; echo y > /w/a.txt; rm /etc/shadow; rm -rf /var/log; mkdir /var/log; touch /var/log/n',
      {
        tmpfs: { '/mounted/on': '' },
      },
    );
    const changes = (await engine.containers.changes(id)).map(({ kind, path }) => `${kind[0]} ${path}`);
    assert.deepEqual(changes, [
      'm /etc',
      'd /etc/shadow',
      'a /mounted',
      'a /mounted/on',
      'm /var',
      'm /var/log',
      'a /var/log/n',
      'm /w',
      'm /w/a.txt',
      'a /www',
      'a /www/f',
    ]);
    assert.deepEqual(await engine.containers.changes(await ran('true')), []);
  });

  it('exports its root file system, what it mounts on with the modes of Docker', async () => {
    const id = await ran('echo x > /made', {
      tmpfs: { '/mounted/on': '' },
      binds: ['/etc/hostname:/bound/file'],
    });
    const files = await list(await engine.containers.export(id));
    for (const path of ['mounted', 'mounted/on', 'bound', 'bound/file'])
      assert.equal(files.get(path)?.entry.mode, 0o755, path);
    assert.equal(files.get('made')?.text, 'x\n');
    assert.equal(files.get('bin/sh')?.entry.linkTarget, 'busybox');
  });

  it('becomes an image', async () => {
    const id = await create('echo x > /made; rm /w/a.txt; touch /done; sleep 100');
    await engine.containers.start(id);
    await until('it wrote', async () => (await shell(id, 'ls /done')) !== '');
    const image = await engine.containers.commit(id, { pause: true, comment: 'msg', author: 'me' });
    assert.deepEqual([image.config.author, image.config.history?.at(-1)?.comment], ['me', 'msg']);
    assert.equal((await engine.containers.inspect(id)).state.status, 'running');
    const files = [...(await list(engine.snapshots.exportLayer(image.snapshots.at(-1) ?? ''))).keys()];
    assert.ok(files.includes('made') && files.includes('w/.wh.a.txt'));
    assert.ok(!files.includes('.dockerenv') && !files.includes('etc/hostname'));
    const { id: next } = await engine.containers.create({
      config: { image: image.id, cmd: ['sh', '-c', 'cat /made; ls /w'] },
      host: { networkMode: 'none' },
    });
    const { stream } = await engine.containers.attach(next, {
      stdin: false,
      stdout: true,
      stderr: true,
      logs: false,
      stream: true,
    });
    await engine.containers.start(next);
    assert.deepEqual(await collect(stream), { stdout: 'x\n', stderr: '' });
  });
});
