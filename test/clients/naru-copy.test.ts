/** `naru cp` does what `docker cp` does: the same trees afterwards, the same refusals; and images made of what was copied out and in. */

import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { busyboxArchive } from '../../scripts/base-images.ts';
import { type CommandResult, dockerCli, type DockerCli } from '../support/docker-cli.ts';
import { engineForClients, type EngineUnderTest } from '../support/engine.ts';
import { runNaru } from '../support/naru-cli.ts';
import { requireRoot } from '../support/skip.ts';

/** What is in /src of the container, and in `src` here: the same. */
const SOURCE = `mkdir -p src/sub src/empty; echo one > src/a; echo two > src/sub/b; chmod 750 src/sub; chmod 640 src/a
ln -s a src/link; ln -s sub src/dirlink; ln -s /src/sub src/abslink; ln src/a src/hard; chown 7:8 src/sub/b
chmod 4711 src/sub/b; chmod 1777 src/empty; touch -d @1700000000 src/a src/sub/b src/sub`;

const OUT: readonly (readonly [from: string, to: string])[] = [
  ['/src/a', 'there'],
  ['/src/a', 'there/'],
  ['/src/a', 'new'],
  ['/src/a', 'file'],
  ['/src/a', 'nowhere/new'],
  ['/src/a', 'new/'],
  ['/src', 'there'],
  ['/src', 'new'],
  ['/src', 'file'],
  ['/src/.', 'there'],
  ['/src/.', 'new'],
  ['/src/link', 'there'],
  ['/src/dirlink', 'there'],
  ['/src/dirlink/', 'there'],
  ['/src/dirlink/.', 'there'],
  ['/src/sub/../a', 'there'],
  ['src/sub', 'there'],
  ['/nosuch', 'there'],
];

const IN: readonly (readonly [from: string, to: string])[] = [
  ['src/a', '/there'],
  ['src/a', '/there/'],
  ['src/a', '/there/new'],
  ['src/a', '/there/new/'],
  ['src/a', '/there/file'],
  ['src/a', '/nowhere/new'],
  ['src', '/there'],
  ['src/', '/there'],
  ['src/.', '/there'],
  ['src', '/there/new'],
  ['src/.', '/there/new'],
  ['src', '/there/file'],
  ['src/link', '/there'],
  ['src/dirlink', '/there'],
  ['src/dirlink/.', '/there'],
  ['src/a', '/therelink'],
  ['src', '/therelink/x'],
  ['src/a', 'there'],
  ['nosuch', '/there'],
];

describe('naru cp beside docker cp', function () {
  this.timeout(60_000);
  let engine: EngineUnderTest;
  let docker: DockerCli;
  let folder: string;

  before(async function () {
    requireRoot(this);
    folder = mkdtempSync(join(tmpdir(), 'naru-copy-'));
    engine = await engineForClients();
    docker = dockerCli(engine.host);
    await docker.out(['load', '-i', await busyboxArchive()]);
    await docker.out([
      'run',
      '-d',
      '--name',
      'source',
      'busybox',
      'sh',
      '-c',
      `cd /; ${SOURCE}; exec sleep 1000`,
    ]);
    await docker.out(['run', '-d', '--name', 'sink', 'busybox', 'sleep', '1000']);
    assert.equal((await docker.shell(`cd ${folder}; ${SOURCE}`)).status, 0);
  });
  after(async () => {
    docker?.close();
    await engine?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  type Copy = (args: readonly string[]) => Promise<CommandResult>;
  const copies: readonly Copy[] = [
    (args) => docker.shell(`cd ${folder} && docker cp ${args.join(' ')}`),
    (args) => runNaru(engine.host, ['cp', ...args], { cwd: folder }),
  ];

  /** Kind, mode, name, size, target and, of files, time. */
  async function treeOut(copy: Copy, args: readonly string[]): Promise<string> {
    for (const name of ['there', 'file', 'new']) rmSync(join(folder, name), { recursive: true, force: true });
    mkdirSync(join(folder, 'there'));
    writeFileSync(join(folder, 'file'), 'old');
    const { status } = await copy(args);
    const { stdout } = await docker.shell(
      `cd ${folder} && find there file new ! -type d -printf '%p %m %s %l %Y %T@\\n' -o -printf '%p/ %m\\n' 2>/dev/null | sed 's/ [0-9.]*$//' | sort`,
    );
    return `${status === 0 ? 'done' : 'refused'}\n${stdout}`;
  }
  async function treeIn(copy: Copy, args: readonly string[]): Promise<string> {
    const fresh = 'rm -rf /there /therelink; mkdir /there; ln -s there /therelink; echo old > /there/file';
    await docker.out(['exec', 'sink', 'sh', '-c', fresh]);
    const { status } = await copy(args);
    const list = `find /there /therelink -exec stat -c '%n %a %u:%g %F %N' {} +; find /there -type f -exec md5sum {} +`;
    const { stdout } = await docker.run(['exec', 'sink', 'sh', '-c', list]);
    return `${status === 0 ? 'done' : 'refused'}\n${stdout.split('\n').toSorted().join('\n')}`;
  }

  for (const [from, to] of OUT) {
    it(`out of a container: ${from} to ${to}`, async () => {
      const [theirs, ours] = await inTurn(copies, (copy) => treeOut(copy, [`source:${from}`, to]));
      assert.equal(ours, theirs);
    });
  }
  it('out of a container, what a link points to', async () => {
    const [theirs, ours] = await inTurn(copies, (copy) =>
      treeOut(copy, ['-L', 'source:/src/dirlink', 'there']),
    );
    assert.equal(ours, theirs);
  });

  for (const [from, to] of IN) {
    it(`into a container: ${from} to ${to}`, async () => {
      const [theirs, ours] = await inTurn(copies, (copy) => treeIn(copy, [from, `sink:${to}`]));
      assert.equal(ours, theirs);
    });
  }
  it('into a container, with owners, and what a link points to', async () => {
    for (const flag of ['-a', '-L']) {
      const [theirs, ours] = await inTurn(copies, (copy) =>
        treeIn(copy, [flag, 'src/dirlink/', 'sink:/there/x']),
      );
      assert.equal(ours, theirs);
    }
  });

  it('into a container, what a link points to instead of the link', async () => {
    for (const from of ['src/link', 'src/dirlink']) {
      const [theirs, ours] = await inTurn(copies, (copy) => treeIn(copy, ['-L', from, 'sink:/there']));
      assert.equal(ours, theirs, from);
    }
  });

  it('does not take a mounted file away from a container, and reads that of a stopped one', async () => {
    const mounted = join(folder, 'mounted');
    writeFileSync(mounted, 'mounted\n');
    const bind = ['-v', `${mounted}:/etc/conf`];
    await docker.out(['run', '-d', '--name', 'bound', ...bind, 'busybox', 'sleep', '1000']);
    const naru = (...args: string[]): Promise<CommandResult> => runNaru(engine.host, args, { cwd: folder });
    for (const place of ['/etc/conf', '/etc/hosts']) {
      const { status, stderr } = await naru('cp', 'src/a', `bound:${place}`);
      assert.equal(status, 1);
      assert.match(
        stderr,
        new RegExp(`^naru: unlinkat ${place}: device or resource busy: something is mounted there`),
      );
    }
    assert.equal((await naru('exec', 'bound', 'cat', '/etc/conf')).stdout, 'mounted\n');
    await docker.out(['rm', '-f', 'bound']);
    await docker.out(['create', '--name', 'bound', ...bind, 'busybox', 'true']);
    assert.equal((await naru('cp', 'bound:/etc/conf', 'read')).status, 0);
    assert.equal(readFileSync(join(folder, 'read'), 'utf8'), 'mounted\n');
    assert.equal((await naru('cp', 'src/a', 'bound:/etc/conf')).status, 1);
    await docker.out(['rm', 'bound']);
  });

  it('as a tar through pipes', async () => {
    const out = await runNaru(engine.host, ['cp', 'source:/src/sub', '-']);
    assert.equal(out.status, 0);
    const into = await runNaru(engine.host, ['cp', '-', 'sink:/there'], { input: out.stdout });
    assert.equal(into.status, 0, into.stderr);
    assert.equal(await docker.out(['exec', 'sink', 'cat', '/there/sub/b']), 'two');
    const file = await runNaru(engine.host, ['cp', '-', 'sink:/there/sub/b'], { input: out.stdout });
    assert.equal(file.status, 1);
    assert.match(file.stderr, /is not a directory of sink/);
  });

  it('of a file that is called strangely', async () => {
    const name = '나루 %41 #?\'"\\.txt';
    writeFileSync(join(folder, name), 'strange');
    assert.equal((await runNaru(engine.host, ['cp', name, 'sink:/tmp'], { cwd: folder })).status, 0);
    rmSync(join(folder, name));
    assert.equal(
      (await runNaru(engine.host, ['cp', `sink:/tmp/${name}`, 'back'], { cwd: folder })).status,
      0,
    );
    assert.equal((await docker.shell(`cat ${folder}/back`)).stdout, 'strange');
  });

  it('writes nothing through a link that the container planted', async () => {
    await docker.out(['exec', 'source', 'sh', '-c', 'mkdir -p /evil; ln -s /tmp/outside /evil/x']);
    const target = join(folder, 'evil-target');
    mkdirSync(target);
    utimesSync(target, 1, 1);
    symlinkSync('/tmp/naru-copy-outside', join(target, 'x'));
    const { status } = await runNaru(engine.host, ['cp', 'source:/evil/.', target]);
    assert.equal(status, 0);
    assert.equal((await docker.shell(`readlink ${target}/x`)).stdout, '/tmp/outside\n');
  });

  it('export, import, commit and history go round', async () => {
    const naru = (...args: string[]): Promise<CommandResult> => runNaru(engine.host, args, { cwd: folder });
    assert.equal((await naru('export', '-o', 'root.tar', 'source')).status, 0);
    const imported = await naru(
      'import',
      '-c',
      'CMD ["cat","/src/a"]',
      '-m',
      'from a tar',
      'root.tar',
      'round:1',
    );
    assert.match(imported.stdout, /^sha256:[0-9a-f]{64}\n$/, imported.stderr);
    assert.equal((await naru('run', '--rm', 'round:1')).stdout, 'one\n');
    assert.match((await naru('history', 'round:1')).stdout, /from a tar/);
    const committed = await naru('commit', '-m', 'said', '-a', 'me', '-c', 'ENV A=1', 'sink', 'round:2');
    assert.match(committed.stdout, /^sha256:[0-9a-f]{64}\n$/, committed.stderr);
    const inspected = await naru(
      'inspect',
      '-f',
      '{{.Author}} {{index .Config.Env 1}} {{.Comment}}',
      'round:2',
    );
    assert.equal(inspected.stdout, 'me A=1 said\n');
    assert.equal((await naru('rmi', 'round:1', 'nosuch', 'round:2')).status, 1);
    assert.equal((await naru('images', '-q', 'round')).stdout, '');
  });

  it('update changes limits, exec -d leaves a command running', async () => {
    const naru = (...args: string[]): Promise<CommandResult> => runNaru(engine.host, args);
    assert.equal((await naru('update', '--memory', '64m', '--pids-limit', '77', 'sink')).stdout, 'sink\n');
    const { stdout } = await naru(
      'inspect',
      '-f',
      '{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}}',
      'sink',
    );
    assert.equal(stdout, '67108864 77\n');
    const { status, stdout: said } = await naru(
      'exec',
      '-d',
      '-e',
      'T=777',
      'sink',
      'sh',
      '-c',
      'exec sleep $T',
    );
    assert.deepEqual([status, said], [0, '']);
    assert.match((await naru('top', 'sink')).stdout, /sleep 777/);
  });
});

async function inTurn<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await act(item));
  return results;
}
