/** `naru build --output` and `--metadata-file`: the image's files in a folder or an archive, and what was built as JSON. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';

import { runCli } from '../../client/cli/run.ts';
import { startEngine } from '../support/engine.ts';
import { requireRoot } from '../support/skip.ts';
import { type Project, writeProject } from './project.ts';
import { readSavedImage } from './saved-image.ts';

describe('outputs of a build', function () {
  this.timeout(60_000);
  let engine: Awaited<ReturnType<typeof startEngine>> | undefined;
  let project: Project | undefined;

  before(async function () {
    requireRoot(this);
    engine = await startEngine();
    const files = { 'd/f': 'content\n', 'd/l': { linkTarget: 'f' } };
    project = writeProject({ name: 'outputs', dockerfile: 'FROM scratch\nCOPY d /x\nENV A=b\n', files });
  });

  after(async () => {
    project?.remove();
    await engine?.stop();
  });

  async function build(...args: string[]): Promise<string> {
    const cwd = project?.cwd ?? '';
    const sink = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });
    const argv = ['-H', engine?.host ?? '', 'build', ...args, '.'];
    const stdin = Readable.from([]);
    const io = {
      stdin,
      stdout: sink(),
      stderr: sink(),
      env: process.env,
      cwd,
      signal: AbortSignal.timeout(30_000),
    };
    assert.equal(await runCli(argv, io), 0);
    return cwd;
  }

  it('local: a folder with the files', async () => {
    const cwd = await build('--output', '../out');
    assert.equal(fs.readFileSync(join(cwd, '../out/x/f'), 'utf8'), 'content\n');
    assert.equal(fs.readlinkSync(join(cwd, '../out/x/l')), 'f');
  });

  it('docker and oci: an archive with the image', async () => {
    for (const type of ['docker', 'oci']) {
      const cwd = await build('--output', `type=${type},dest=../${type}.tar`);
      const saved = await readSavedImage(fs.createReadStream(join(cwd, `../${type}.tar`)));
      assert.equal(saved.tree.get('/x/l'), 'symlink - 0:0 f');
      assert.ok(JSON.stringify(saved.config).includes('A=b'));
    }
  });

  it('tar: an archive with the files', async () => {
    const cwd = await build('-o', 'type=tar,dest=../files.tar');
    assert.ok(fs.readFileSync(join(cwd, '../files.tar')).includes('content\n'));
  });

  it('metadata: digest and name', async () => {
    const cwd = await build('--metadata-file', '../m.json', '-t', 'outputs:1');
    const written: unknown = JSON.parse(fs.readFileSync(join(cwd, '../m.json'), 'utf8'));
    assert.ok(typeof written === 'object' && written !== null && 'image.name' in written);
    assert.equal(written['image.name'], 'outputs:1');
  });
});
