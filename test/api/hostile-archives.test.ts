/** Archives that were cut, damaged or made to harm, at every door that takes one: a clear sentence, nothing outside touched, nothing left inside. */

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';

import type { TarEntry } from '../../core/tar/entry.ts';
import { writeTar } from '../../local/tar/writer.ts';
import { busyboxArchive } from '../../scripts/base-images.ts';
import { dockerCli } from '../support/docker-cli.ts';
import { ask, startEngine, type EngineUnderTest } from '../support/engine.ts';
import { requireRoot } from '../support/skip.ts';

type Member = Partial<TarEntry> & { readonly path: string; readonly text?: string };
type Door = 'build' | 'put' | 'import' | 'load';

const DOORS: Readonly<Record<Door, { readonly method: string; readonly path: string }>> = {
  build: { method: 'POST', path: '/build' },
  put: { method: 'PUT', path: '/containers/box/archive?path=/tmp' },
  import: { method: 'POST', path: '/images/create?fromSrc=-&repo=imported' },
  load: { method: 'POST', path: '/images/load?quiet=1' },
};
const DOCKERFILE: Member = { path: 'Dockerfile', text: 'FROM busybox\nCOPY . /x\n' };

describe('hostile archives', function () {
  this.timeout(30_000);
  let engine: EngineUnderTest;
  let outside = '';
  let images = '';

  before(async function () {
    requireRoot(this);
    engine = await startEngine();
    outside = mkdtempSync(join(tmpdir(), 'naru-outside-'));
    writeFileSync(join(outside, 'victim'), 'safe');
    const docker = dockerCli(engine.host);
    await docker.out(['load', '-i', await busyboxArchive()]);
    await docker.out(['create', '--name', 'box', 'busybox']);
    docker.close();
    images = await imageList();
  });
  after(async () => {
    await engine?.stop();
    if (outside !== '') rmSync(outside, { recursive: true, force: true });
  });

  async function imageList(): Promise<string> {
    const { text } = await ask(engine.socketPath, 'GET', '/images/json');
    return (JSON.parse(text) as { Id: string }[])
      .map(({ Id }) => Id)
      .toSorted()
      .join(' '); // the engine made it
  }

  async function refused(door: Door, bytes: Buffer, message: RegExp): Promise<void> {
    const { method, path } = DOORS[door];
    const body = Readable.from([bytes], { objectMode: false });
    const reply = await ask(engine.socketPath, method, path, body, { 'Content-Type': 'application/x-tar' });
    const last = reply.text.trim().split('\r\n').at(-1) ?? '';
    const said = JSON.parse(last) as { message?: string; error?: string }; // an error body, or the last line of a stream
    assert.match(said.message ?? said.error ?? '', message, reply.text);
    assert.doesNotMatch(reply.text, /internal error|\bat .*\.ts:|\/proc\/self/);
    if (said.message !== undefined) assert.equal(reply.status, 400);
    assert.deepEqual(readdirSync(outside), ['victim']);
    assert.equal(readFileSync(join(outside, 'victim'), 'utf8'), 'safe');
    assert.deepEqual(left(), []);
    assert.equal(await imageList(), images);
  }

  /** Half-made things: contexts, staged archives, snapshots without a number. */
  function left(): readonly string[] {
    const places = ['build/archives', 'staging'].map((name) => join(engine.root, name));
    const files = places.flatMap((place) => (existsSync(place) ? readdirSync(place) : []));
    const snapshots = readdirSync(join(engine.root, 'snapshots')).filter((name) => !/^\d+$/.test(name));
    return [...files, ...snapshots];
  }

  const hostile: readonly [string, () => readonly Member[], Partial<Record<Door, RegExp>>][] = [
    [
      'a path with ..',
      () => [{ path: `../../../../../..${outside}/evil`, text: 'x' }],
      {
        build: /evil": it points outside the context$/,
        put: /evil": it points outside the directory$/,
        import: /leaves the layer$/,
      },
    ],
    [
      'a parent that is a link',
      () => [
        { path: 'ln', kind: 'symlink', linkTarget: outside },
        { path: 'ln/evil', text: 'x' },
      ],
      {
        build: /"ln\/evil": \/ln is no directory/,
        put: /cannot extract "ln\/evil"/,
        import: /member "ln" cannot be extracted/,
      },
    ],
    [
      'a hard link to what lies outside',
      () => [
        { path: 'hl', kind: 'hardlink', linkTarget: `../../../../../..${outside}/victim` },
        { path: 'hl', text: 'x' },
      ],
      {
        build: /"hl": it points outside/,
        put: /cannot extract "hl": what it links to/,
        import: /leaves the layer/,
      },
    ],
    [
      'a hard link through a link',
      () => [
        { path: 'ln', kind: 'symlink', linkTarget: outside },
        { path: 'hl', kind: 'hardlink', linkTarget: 'ln/victim' },
      ],
      {
        build: /"hl": it links to "ln\/victim", which is no file before it/,
        put: /cannot extract "hl"/,
        import: /member "hl" cannot be extracted/,
      },
    ],
    [
      'a file as a directory',
      () => [
        { path: 'a', text: 'x' },
        { path: 'a/b', text: 'x' },
      ],
      { build: /"a\/b": \/a is no directory/, put: /cannot extract "a\/b"/, import: /cannot be extracted/ },
    ],
    [
      'layers outside of an image archive',
      () => [
        {
          path: 'manifest.json',
          text: '[{"Config":"../../etc/passwd","RepoTags":["x:y"],"Layers":["../../etc/shadow"]}]',
        },
      ],
      { load: /\.\.\/etc\/passwd is missing$/ },
    ],
    [
      'a manifest that is no JSON',
      () => [{ path: 'manifest.json', text: '{' }],
      { load: /^manifest.json is not JSON$/ },
    ],
  ];
  for (const [name, members, doors] of hostile) {
    for (const [door, message] of Object.entries(doors) as [Door, RegExp][]) {
      // keys of a Record<Door>
      it(`${door}: ${name}`, async () => {
        const all = door === 'build' ? [DOCKERFILE, ...members()] : members();
        await refused(door, await tarOf(...all), message);
      });
    }
  }

  for (const door of ['build', 'put', 'import', 'load'] as const) {
    it(`${door}: cut in the middle of a header, of a file, and of compressed data`, async () => {
      const whole = readFileSync(await busyboxArchive());
      const lead = (await tarOf(DOCKERFILE)).subarray(0, 1024);
      const [start, message] =
        door === 'build' ? [lead, /ends in the middle/] : [Buffer.alloc(0), /ends in the middle/];
      for (const nBytes of [1, 511, 1000, 100_000]) {
        await refused(door, Buffer.concat([start, whole.subarray(0, nBytes)]), message);
      }
      await refused(door, gzipSync(whole).subarray(0, 5000), /^damaged compressed data/);
    });
  }

  it('build: what the query says is read before the context is', async () => {
    const { status, text } = await ask(engine.socketPath, 'POST', '/build?t=UPPER', Readable.from([]));
    assert.deepEqual([status, /must be lowercase/.test(text)], [400, true], text);
  });

  it('build: a faulty ignore pattern names its line', async () => {
    const message = /^\.dockerignore:2:1: invalid ignore pattern "\["/;
    await refused('build', await tarOf(DOCKERFILE, { path: '.dockerignore', text: 'a\n[\n' }), message);
  });

  it('build: links in the context lead nowhere else', async () => {
    const dockerfile = { path: 'Dockerfile', text: 'FROM busybox\nCOPY l/victim /x\n' };
    const link: Member = { path: 'l', kind: 'symlink', linkTarget: outside };
    await refused('build', await tarOf(dockerfile, link), /^Dockerfile:2:6: "\/l\/victim": not found$/);
  });

  it('nothing of all this counted as a bug of the engine', () => {
    assert.doesNotMatch(readFileSync(join(engine.root, 'engine.log'), 'utf8'), / warn /);
  });
});

async function tarOf(...members: readonly Member[]): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  const all = members.map(({ text = '', ...rest }) => {
    const bytes = Buffer.from(text);
    const kind = rest.kind ?? 'file';
    const entry: TarEntry = {
      mode: 0o644,
      uid: 0,
      gid: 0,
      mtimeNs: 0n,
      ...rest,
      kind,
      sizeBytes: bytes.length,
    };
    return { entry, content: kind === 'file' ? [bytes] : [] };
  });
  for await (const chunk of writeTar(all)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
