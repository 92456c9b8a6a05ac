/** Contexts that are no directory of the client: how a preview sees them, what is fetched again, what `POST /build?remote=` makes of them. Needs root and git. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { busyboxArchive } from '../../../scripts/base-images.ts';
import { TAR_ZST } from '../../conformance/archives.ts';
import { imageLayout } from '../../conformance/image-layout.ts';
import { loadIntoNaru } from '../../conformance/load-image.ts';
import { type Origin, startOrigin } from '../../conformance/origin.ts';
import { saveFromNaru } from '../../conformance/outcome.ts';
import { writeProject, type Project } from '../../conformance/project.ts';
import { readSavedImage } from '../../conformance/saved-image.ts';
import { ask, type EngineUnderTest, startEngine } from '../../support/engine.ts';
import { runNaru } from '../../support/naru-cli.ts';
import { nOpen } from '../../support/open-files.ts';
import { requireRoot } from '../../support/skip.ts';
import { until } from '../../support/until.ts';

describe('contexts elsewhere', function () {
  this.timeout(120_000);
  let engine: EngineUnderTest;
  let origin: Origin;
  let project: Project;

  before(async function () {
    requireRoot(this);
    origin = await startOrigin();
    engine = await startEngine();
    await loadIntoNaru(engine.socketPath, await busyboxArchive());
    project = writeProject({
      name: 'contexts',
      dockerfile: 'FROM scratch\nCOPY --from=x . /x/\n',
      files: { '../extra/f': 'f\n', ...imageLayout('../layout') },
    });
  });
  after(async () => {
    await engine?.stop();
    await origin?.close();
    project?.remove();
  });

  async function naru(...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await runNaru(engine.host, args, { cwd: project.cwd });
    assert.ok(status === 0 || (args[0] === 'preview' && status === 1), stdout + stderr);
    return stdout + stderr;
  }

  async function filesOf(image: string): Promise<ReadonlyMap<string, string>> {
    return (await readSavedImage(Readable.from([await saveFromNaru(engine.socketPath, image)]))).tree;
  }

  /** `line state` of a build's or a preview's JSON. */
  function states(json: string): readonly string[] {
    return [...json.matchAll(/"line":(\d+),(?:"type":"step",)?"instruction":"[^"]*","state":"([^"]*)"/g)].map(
      ([, line, state]) => `${line} ${state}`,
    );
  }

  for (const context of ['/repo.git#other', '/context.tar.gz', '/copies.Dockerfile']) {
    it(`previews ${context} as the build then does it`, async () => {
      const address = `${origin.address}${context}`;
      const before = states(await naru('preview', '--json', address));
      assert.equal(before[1], '2 RUN');
      assert.deepEqual(states(await naru('build', '--progress', 'json', address)), before);
      const after = states(await naru('preview', '--json', address));
      assert.equal(after[1], '2 CACHED');
      assert.deepEqual(states(await naru('build', '--progress', 'json', address)), after);
    });
  }

  const MISSING = 'FROM busybox\nCOPY a.txt \\\n  nosuchthing /f/\n';
  for (const [what, dockerfile, context] of [
    ['a repository', MISSING.replace('a.txt', '.'), '/repo.git#other'],
    ['an archive', MISSING.replace('a.txt', '.'), '/context.tar.gz'],
    ['a Dockerfile at an address', undefined, '/lacking.Dockerfile'],
    ['an image', 'FROM scratch\nCOPY --from=busybox nosuchthing /f\n', undefined],
    ['a stage', 'FROM busybox AS s\nFROM scratch\nCOPY --from=s nosuchthing /f\n', undefined],
  ] as const) {
    it(`refuses what is not in ${what}, in a preview as in a build`, async () => {
      const from = dockerfile === undefined ? [] : ['-f', '-'];
      const argv = [...from, context === undefined ? '.' : `${origin.address}${context}`];
      const input = Buffer.from(dockerfile ?? '');
      const previewed = await runNaru(engine.host, ['preview', ...argv], { cwd: project.cwd, input });
      const built = await runNaru(engine.host, ['build', ...argv], { cwd: project.cwd, input });
      assert.deepEqual([previewed.status, built.status], [2, 1], previewed.stderr + built.stderr);
      const place = / --from=(\S+)/.exec(dockerfile ?? '')?.[1];
      const hint = place === undefined ? '' : ` +it was looked for in ${place}, which --from names\\n`;
      const refusal = new RegExp(`\\S+:\\d+:\\d+: lstat /nosuchthing: no such file or directory\\n${hint}`);
      const [told] = refusal.exec(previewed.stderr) ?? [previewed.stderr];
      assert.match(told, refusal);
      assert.doesNotMatch(told, /:1: /);
      assert.ok(built.stderr.endsWith(told), built.stderr);
    });
  }

  it('refuses nothing for what an address gave last, which only the build asks again', async () => {
    const flags = ['--build-context', `x=${origin.address}/hello.txt`, '-f', '-', '.'];
    const run = (command: string, source: string) =>
      runNaru(engine.host, [command, ...flags], {
        cwd: project.cwd,
        input: Buffer.from(`FROM scratch\nCOPY --from=x ${source} /x/\n`),
      });
    assert.equal((await run('build', '.')).status, 0);
    const { status, stdout, stderr } = await run('preview', 'nosuchthing');
    assert.equal(status, 1, stderr);
    assert.match(stdout, /RUN +2 {2}COPY --from=x nosuchthing/);
  });

  it('previews an archive on stdin', async () => {
    const archive = execFileSync('tar', ['-cf', '-', '-C', project.cwd, '.']);
    const argv = ['preview', '-', '--build-context', 'x=../extra'];
    argv.push('--build-arg', 'NOPE=1');
    const { stdout, stderr } = await runNaru(engine.host, argv, { cwd: project.cwd, input: archive });
    assert.equal(stderr, 'warning: One or more build-args [NOPE] were not consumed\n');
    assert.match(stdout, /RUN +2 {2}COPY --from=x/);
  });

  it('shows the hint of what the engine could not read below the sentence', async () => {
    const archive = execFileSync('tar', ['-cf', '-', '-C', project.cwd, '.']);
    const argv = ['preview', '-f', 'nope', '-'];
    const { status, stderr } = await runNaru(engine.host, argv, { cwd: project.cwd, input: archive });
    assert.equal(status, 2);
    assert.equal(
      stderr,
      'naru: failed to read dockerfile: open nope: no such file or directory\n      name it with -f, as a path in the context\n',
    );
  });

  for (const command of ['build', 'preview']) {
    it(`${command} reads a Dockerfile from a pipe, and is not held by one that nobody writes to`, async () => {
      const pipe = join(project.cwd, `${command}.pipe`);
      execFileSync('mkfifo', [pipe]);
      const controller = new AbortController();
      const argv = [command, '-f', pipe, '.'];
      const waiting = runNaru(engine.host, argv, { cwd: project.cwd, signal: controller.signal });
      await until('somebody reads the pipe', () => nOpen(pipe) === 1);
      controller.abort();
      assert.notEqual((await waiting).status, 0);
      assert.equal(nOpen(pipe), 0);
      const writer = fs.openSync(pipe, 'r+'); // does not wait for a reader
      fs.writeSync(writer, 'FROM busybox\nENV PIPED=yes\n');
      const read = runNaru(engine.host, argv, { cwd: project.cwd });
      await until('the pipe is open twice', () => nOpen(pipe) === 2);
      fs.closeSync(writer);
      const { status, stdout, stderr } = await read;
      assert.equal(status, 0, stderr);
      assert.match(stdout, command === 'build' ? /^sha256:/ : /FREE +2 {2}ENV PIPED=yes/);
    });
  }

  it('fetches a branch again only when it moved', async () => {
    const folder = fs.mkdtempSync(join(tmpdir(), 'naru-moving-'));
    const git = (...args: string[]): void =>
      void execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=n@example.com', ...args], {
        cwd: folder,
      });
    git('init', '-q', '-b', 'main');
    const commit = (text: string): void => {
      fs.writeFileSync(join(folder, 'f'), text);
      git('add', '-A');
      git('commit', '-q', '-m', text);
      git('push', '-q', join(origin.folder, 'moving.git'), 'HEAD:main');
    };
    execFileSync('git', ['init', '-q', '--bare', '-b', 'main', join(origin.folder, 'moving.git')]);
    commit('one');
    const text = `FROM busybox\nADD ${origin.gitAddress}/moving.git /r/\nRUN cat /r/f\n`;
    const argv = ['build', '--progress', 'json', '-f', '-', '.'];
    const build = async (): Promise<readonly string[]> =>
      states((await runNaru(engine.host, argv, { cwd: project.cwd, input: Buffer.from(text) })).stdout);
    assert.deepEqual(await build(), ['1 CACHED', '2 RUN', '3 RUN']);
    assert.deepEqual(await build(), ['1 CACHED', '2 CACHED', '3 CACHED']);
    commit('two');
    assert.deepEqual(await build(), ['1 CACHED', '2 RUN', '3 RUN']);
    fs.rmSync(folder, { recursive: true });
  });

  it('previews a repository that was added under another ref at the same commit', async () => {
    const added = async (...args: string[]): Promise<readonly string[]> => {
      const [ref = '', ...argv] = args;
      const input = Buffer.from(`FROM busybox\nADD ${origin.address}/repo.git${ref} /refs\n`);
      const { stdout } = await runNaru(engine.host, [...argv, '-f', '-', '.'], { cwd: project.cwd, input });
      return [...states(stdout), ...(stdout.match(/(?:what [^"]* gives|a hit if) [^"]*/) ?? [])];
    };
    const built = ['build', '--progress', 'json'];
    assert.deepEqual(await added('', ...built), ['1 CACHED', '2 RUN']);
    assert.deepEqual(await added('#main', 'preview', '--json'), [
      '1 CACHED',
      '2 DEPENDS',
      `what ${origin.address}/repo.git#main gives is not known until the build asks: a hit if it is the files of an earlier build`,
    ]);
    assert.deepEqual(await added('#main', ...built), ['1 CACHED', '2 CACHED']);
    assert.deepEqual(await added('#main', 'preview', '--json'), ['1 CACHED', '2 CACHED?']);
    assert.deepEqual(await added('', 'preview', '--json'), ['1 CACHED', '2 CACHED?']);
  });

  it('previews what a branch gave last after it moved back', async () => {
    const folder = fs.mkdtempSync(join(tmpdir(), 'naru-back-'));
    const bare = join(origin.folder, 'back.git');
    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=n@example.com', ...args], { cwd: folder })
        .toString()
        .trim();
    git('init', '-q', '-b', 'main');
    git('init', '-q', '--bare', '-b', 'main', bare);
    const push = (): void => void git('push', '-q', '-f', bare, 'HEAD:main');
    const input = Buffer.from(`FROM busybox\nADD ${origin.gitAddress}/back.git /back/\n`);
    const sizeAfter = async (): Promise<string | undefined> => {
      await runNaru(engine.host, ['build', '-f', '-', '.'], { cwd: project.cwd, input });
      const argv = ['preview', '--json', '-f', '-', '.'];
      const { stdout } = await runNaru(engine.host, argv, { cwd: project.cwd, input });
      return /"line":2,.*?"state":"CACHED\?".*?"bytes":(\d+)/.exec(stdout)?.[1];
    };
    fs.writeFileSync(join(folder, 'f'), 'one');
    git('add', '-A');
    git('commit', '-q', '-m', 'one');
    push();
    const first = await sizeAfter();
    fs.writeFileSync(join(folder, 'f'), 'x'.repeat(100_000));
    git('commit', '-q', '-a', '-m', 'two');
    push();
    const second = await sizeAfter();
    assert.ok(first !== undefined && second !== undefined && first !== second, `${first} ${second}`);
    git('reset', '-q', '--hard', 'HEAD~1');
    push();
    assert.equal(await sizeAfter(), first);
    fs.rmSync(folder, { recursive: true });
  });

  it('unpacks a zstd archive as a context', async () => {
    const text = Buffer.from('FROM scratch\nCOPY . /x/\n');
    const options = { cwd: project.cwd, input: text };
    const argv = ['build', '-t', 'zst', '-f', '-', `${origin.address}/x.tar.zst`];
    assert.equal((await runNaru(engine.host, argv, options)).status, 0);
    assert.equal((await filesOf('zst')).get('/x/top/f.txt'), 'file 640 1000:1001 5 8b911a8716b9');
    const sent = { cwd: project.cwd, input: Buffer.from(TAR_ZST, 'base64') };
    const { stderr } = await runNaru(engine.host, ['build', '-'], sent);
    assert.match(stderr, /open Dockerfile: no such file/);
  });

  it('names a file at an address', async () => {
    await naru('build', '-t', 'named', '--build-context', `x=${origin.address}/x.tar`, '.');
    const files = await filesOf('named');
    assert.deepEqual([...files.keys()], ['/x', '/x/x.tar']);
  });

  it('takes an image layout for the time of a build', async () => {
    const untagged = async (): Promise<string> =>
      (await ask(engine.socketPath, 'GET', '/images/json?filters={"dangling":["true"]}')).text;
    const before = await untagged();
    await naru('build', '-t', 'layout', '--build-context', 'x=oci-layout://../layout', '.');
    assert.ok((await filesOf('layout')).has('/x/layout.txt'));
    assert.equal(await untagged(), before);
  });

  it('previews named contexts', async () => {
    const argv = ['--build-context', 'x=../extra', '--json', '.'];
    await naru('build', '--build-context', 'x=../extra', '.');
    assert.deepEqual(states(await naru('preview', ...argv)), ['1 FREE', '2 CACHED']);
    fs.writeFileSync(join(project.cwd, '../extra/f'), 'other\n');
    assert.deepEqual(states(await naru('preview', ...argv)), ['1 FREE', '2 RUN']);
  });

  it('builds remote contexts of the Engine API', async () => {
    const remote = async (address: string, more = ''): Promise<string> => {
      const path = `/build?remote=${encodeURIComponent(address)}${more}`;
      const { status, text } = await ask(engine.socketPath, 'POST', path);
      return `${status} ${text}`;
    };
    assert.match(await remote(`${origin.address}/repo.git#:sub`, '&t=sub'), /Successfully tagged sub:latest/);
    assert.ok((await filesOf('sub')).has('/only-sub/b.txt'));
    assert.match(await remote(`${origin.address}/Dockerfile`), /Step 2\/2 : RUN echo remote/);
    assert.match(
      await remote(`${origin.address}/context.tar`, '&dockerfile=other.Dockerfile'),
      /Successfully built/,
    );
    assert.match(await remote(`${origin.address}/nope.git`), /^5\d\d .*error fetching default branch/);
    assert.match(await remote('nowhere'), /^400 .*remoteURL \(nowhere\) could not be recognized as URL/);
    assert.match(
      await remote(`${origin.address}/repo.git?branch=main&subdir=sub#:other`),
      /^400 .*subdir conflicts: \\"other\\" vs \\"sub\\"/,
    );
  });
});
