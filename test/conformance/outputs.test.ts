/** `naru build --output`, `--load` and `--metadata-file`, as docker buildx 0.29.1 has them: what is written where, what the engine keeps, and what is refused before anything runs. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';

import { runCli } from '../../client/cli/run.ts';
import type { TarEntry } from '../../core/tar/entry.ts';
import { readTar } from '../../local/tar/reader.ts';
import { busyboxArchive } from '../../scripts/base-images.ts';
import { buildRequest } from '../support/build-request.ts';
import { ask, startEngine } from '../support/engine.ts';
import { runNaru } from '../support/naru-cli.ts';
import { requireRoot } from '../support/skip.ts';
import { type Project, writeProject } from './project.ts';
import { readSavedImage } from './saved-image.ts';

const DOCKERFILE = `FROM busybox AS made
RUN mkdir /o /o/ro /o/sticky && echo content >/o/f && ln /o/f /o/g && ln -s f /o/l \\
  && echo s >/o/suid && chmod 4755 /o/suid && chmod 1777 /o/sticky && mkdir -m 2775 /o/sgid \\
  && mkfifo /o/pipe && echo z >/o/ro/z && chmod 400 /o/ro/z && chmod 555 /o/ro && touch -d "2020-01-02 00:00:00" /o/f && chown -R 7:8 /o/ro
FROM scratch
COPY --from=made /o /x
ENV A=b
`;

const REPOSITORY = join(import.meta.dirname, '../..');

describe('outputs of a build', function () {
  this.timeout(60_000);
  let engine: Awaited<ReturnType<typeof startEngine>> | undefined;
  let project: Project | undefined;
  let cwd = '';
  let host = '';

  before(async function () {
    requireRoot(this);
    engine = await startEngine();
    host = engine.host;
    project = writeProject({ name: 'outputs', dockerfile: DOCKERFILE, files: {} });
    cwd = project.cwd;
    const loaded = await runNaru(host, ['load', '-i', await busyboxArchive()]);
    assert.equal(loaded.status, 0, loaded.stderr);
  });

  after(async () => {
    project?.remove();
    await engine?.stop();
  });

  afterEach(async () => {
    if (engine === undefined) return;
    const { text } = await ask(engine.socketPath, 'GET', '/containers/json?all=1');
    assert.equal(text.trim(), '[]', 'an output leaves no container');
  });

  interface Written {
    readonly stdout: Buffer;
    readonly stderr: string;
    readonly status: number;
  }

  async function build(...args: string[]): Promise<Written> {
    const [stdout, stderr] = [sink(), sink()];
    const argv = ['-H', host, 'build', '--network', 'none', ...args, '.'];
    const signal = AbortSignal.timeout(30_000);
    const io = { stdin: Readable.from([]), stdout, stderr, env: process.env, cwd, signal };
    const status = await runCli(argv, io);
    return { stdout: Buffer.concat(stdout.chunks), stderr: String(Buffer.concat(stderr.chunks)), status };
  }

  async function done(...args: string[]): Promise<Written> {
    const written = await build(...args);
    assert.equal(written.status, 0, written.stderr);
    return written;
  }

  async function images(): Promise<string> {
    return (
      await runNaru(host, ['images', '-a', '--no-trunc', '--format', '{{.Repository}}:{{.Tag}} {{.ID}}'])
    ).stdout;
  }

  it('local: files with all bits of their modes, their times, and the owner who runs it', async () => {
    fs.mkdirSync(join(cwd, '../out/x/ro'), { recursive: true });
    fs.writeFileSync(join(cwd, '../out/x/ro/mine'), '');
    const { stdout, stderr } = await done('--output', '../out');
    const modes = ['f', 'suid', 'sgid', 'sticky', 'ro', 'ro/z'].map((name) => {
      const { mode, uid, gid } = fs.statSync(join(cwd, '../out/x', name));
      return `${name} ${(mode & 0o7777).toString(8)} ${uid}:${gid}`;
    });
    assert.deepEqual(modes, [
      'f 644 0:0',
      'suid 4755 0:0',
      'sgid 2775 0:0',
      'sticky 1777 0:0',
      'ro 555 0:0',
      'ro/z 400 0:0',
    ]);
    assert.equal(fs.statSync(join(cwd, '../out/x/f')).mtime.toISOString(), '2020-01-02T00:00:00.000Z');
    assert.equal(fs.readlinkSync(join(cwd, '../out/x/l')), 'f');
    assert.ok(fs.existsSync(join(cwd, '../out/x/ro/mine')), 'what was there stays');
    assert.deepEqual(fs.readdirSync(join(cwd, '../out')), ['x'], 'nothing else is left');
    assert.match(
      stderr,
      /\nbuilt in [\d.]+s\nwrote 5 files, 12B, to \.\.\/out\nwarning: 1 device or pipe is not written/,
    );
    assert.equal(String(stdout), '');
  });

  it('docker and oci: an archive with the image', async () => {
    const before = await images();
    for (const type of ['docker', 'oci']) {
      await done('--output', `type=${type},dest=../${type}.tar`, '-t', 'sent:1');
      const archive = join(cwd, `../${type}.tar`);
      const saved = await readSavedImage(fs.createReadStream(archive));
      assert.equal(saved.tree.get('/x/l'), 'symlink - 0:0 f');
      assert.ok(JSON.stringify(saved.config).includes('A=b'));
      assert.ok(fs.readFileSync(archive).includes('"RepoTags":["sent:1"]'));
    }
    assert.equal(await images(), before, 'the engine keeps no image');
  });

  it('oci with tar=false: the layout as a folder', async () => {
    await done('--output', 'type=oci,tar=false,dest=../layout');
    assert.ok(fs.existsSync(join(cwd, '../layout/oci-layout')));
    assert.ok(fs.existsSync(join(cwd, '../layout/blobs/sha256')));
  });

  it('tar: an archive with the files, devices and owners too', async () => {
    await done('-o', 'type=tar,dest=../files.tar', '--target', 'made');
    const entries = new Map<string, TarEntry>();
    for await (const { entry } of readTar(fs.createReadStream(join(cwd, '../files.tar'))))
      entries.set(entry.path, entry);
    const { kind, uid, gid } = entries.get('o/ro') ?? {};
    assert.deepEqual([kind, uid, gid], ['dir', 7, 8]);
    assert.equal(entries.get('o/pipe')?.kind, 'fifo');
    assert.equal(entries.get('o/suid')?.mode, 0o4755);
    assert.deepEqual([entries.get('o/g')?.kind, entries.get('o/g')?.linkTarget], ['hardlink', 'o/f']);
    assert.equal(entries.get('bin/sh')?.kind, 'symlink');
  });

  it('stdout gets an archive alone, by -, and by tar and oci without a place', async () => {
    for (const output of ['-', 'type=tar', 'type=oci']) {
      const { stdout } = await done('-o', output);
      const names: string[] = [];
      for await (const { entry } of readTar(Readable.from([stdout]))) names.push(entry.path);
      assert.ok(
        names.includes(output === 'type=oci' ? 'oci-layout' : 'x/f'),
        `${output}: ${names.join(' ')}`,
      );
    }
  });

  it('docker without a place, and --load, are the engine; several outputs are all made', async () => {
    const loaded = await done('-o', 'type=docker', '-t', 'loaded:1');
    assert.match(String(loaded.stdout), /^sha256:[0-9a-f]{64}\n$/);
    await done('--load', '-o', '../both', '-o', 'type=tar,dest=../both.tar', '-t', 'loaded:2');
    assert.ok(fs.existsSync(join(cwd, '../both/x/f')) && fs.existsSync(join(cwd, '../both.tar')));
    await done('-o', 'type=image,name=loaded:3');
    const { stdout } = await runNaru(host, ['images', '--format', '{{.Tag}}', 'loaded']);
    assert.deepEqual(stdout.trim().split('\n').toSorted(), ['1', '2', '3']);
  });

  it('local, tar and cacheonly make no image, whatever the name', async () => {
    const before = await images();
    for (const output of ['../again', 'type=tar,dest=../again.tar', 'type=cacheonly']) {
      const { stdout, stderr } = await done('-o', output, '-t', 'unkept:1');
      assert.equal(String(stdout), '');
      assert.doesNotMatch(stderr, /tagged/);
    }
    assert.equal(await images(), before);
    const { stderr } = await done('-o', 'type=cacheonly');
    assert.match(stderr, /^\[made:2\] CACHED RUN/m);
  });

  it('what was made is held until it was sent, though its cache was pruned', async () => {
    const { stdout } = await done('-o', 'type=cacheonly', '--progress', 'json', '--no-cache');
    assert.match(String(stdout), /{"type":"result","image":"","tags":\[\]}\n$/);
    const build = await lastBuild();
    await runNaru(host, ['builder', 'prune', '-af']);
    const { status, text } = await ask(engine?.socketPath ?? '', 'GET', `/naru/v1/builds/${build}/files`);
    assert.equal(status, 200);
    assert.ok(text.includes('content\n'));
  });

  /** Id of a build that made files. */
  async function lastBuild(): Promise<string> {
    const request = buildRequest(DOCKERFILE, { makes: 'files' }, { noCache: true });
    const { text } = await ask(engine?.socketPath ?? '', 'POST', '/naru/v1/builds', request);
    assert.match(text, /"type":"result"/);
    return /"build":"([0-9a-f]+)"/.exec(text)?.[1] ?? '';
  }

  const REFUSED: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [['-o', 'Dockerfile'], /destination directory Dockerfile is a file/],
    [['-o', 'Dockerfile/below'], /cannot make Dockerfile\/below: .*Dockerfile is not a directory/],
    [['-o', 'type=tar,dest=..'], /destination file \.\. is a directory/],
    [['-o', 'type=tar,dest=none/x.tar'], /cannot write .*none\/x\.tar: no such file or directory/],
    [['-o', 'type=docker,dest=/proc/x.tar'], /cannot write \/proc\/x\.tar: no such file or directory/],
    [['-o', 'type=local'], /dest is required for local exporter/],
    [['-o', 'type=oci,tar=false'], /dest is required for oci exporter/],
    [['-o', 'type=local,dest=-'], /dest cannot be stdout for local exporter/],
    [['-o', '-', '-o', 'type=oci'], /multiple outputs configured to write to stdout/],
    [['-o', 'type=zip,dest=x'], /unknown type "zip"/],
    [['-o', 'dest=x,name=y'], /type is required for output/],
    [['-o', 'type=tar,x'], /invalid value x/],
    [['-o', '../o', '--iidfile', 'id'], /local and tar exporters are incompatible with image ID file/],
    [['--push', '-t', 'x'], /--push: registries are not supported yet/],
    [['-o', 'type=registry,name=x'], /type=registry: registries are not supported yet/],
    [['-o', 'type=image,push=true'], /push=true: registries are not supported yet/],
    [['-t', 'UP'], /repository name \(library\/UP\) must be lowercase/],
  ];

  for (const [args, message] of REFUSED) {
    it(`${args.join(' ')} is refused before anything runs`, async () => {
      const { status, stderr, stdout } = await build(...args);
      assert.equal(status, args[0] === '-t' ? 125 : 1);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /^\[|built in/m);
      assert.equal(String(stdout), '');
      assert.deepEqual(fs.readdirSync(cwd).toSorted(), ['Dockerfile']);
    });
  }

  it('a reader that has enough ends it as SIGPIPE would, and leaves nothing', () => {
    const naru = `"$NODE" client/cli/main.ts -H ${host} build --network none --target made -o - ${cwd}`;
    const script = `${naru} 2>&3 | head -c 100 >/dev/null; echo \${PIPESTATUS[0]}`;
    const env = { ...process.env, NODE: process.execPath };
    const { stdout, output } = spawnSync('bash', ['-c', script], {
      cwd: REPOSITORY,
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    assert.equal(String(stdout), '141\n', String(output[3]));
    assert.doesNotMatch(String(output[3]), /Error|\bat /);
  });

  it('a place that breaks in the middle is said with its name', async () => {
    const { status, stderr } = await build('-o', 'type=tar,dest=/dev/full');
    assert.equal(status, 1);
    assert.match(stderr, /naru: cannot write \/dev\/full: no space left on device\n/);
  });

  it('metadata: digest and name; nothing of an image where there is none', async () => {
    await done('--metadata-file', '../m.json', '-t', 'outputs:1', '-t', 'h.example/o');
    const written: unknown = JSON.parse(fs.readFileSync(join(cwd, '../m.json'), 'utf8'));
    assert.ok(typeof written === 'object' && written !== null && 'image.name' in written);
    assert.equal(written['image.name'], 'docker.io/library/outputs:1,h.example/o');
    await done('--metadata-file', '../m.json', '-o', '../files');
    assert.deepEqual(JSON.parse(fs.readFileSync(join(cwd, '../m.json'), 'utf8')), {});
  });
});

function sink(): Writable & { readonly chunks: Buffer[] } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, written) => {
      chunks.push(chunk);
      written();
    },
  });
  return Object.assign(stream, { chunks });
}
