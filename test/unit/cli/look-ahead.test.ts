/** When `naru build` asks the engine to look at the context: for a directory of this machine of which nothing is ignored, and for nothing else. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { lookAhead } from '../../../client/cli/build/look-ahead.ts';
import type { TargetKind } from '../../../client/driver/targets/target.ts';
import { CONTEXT_LOOK_PATH } from '../../../core/protocol/context-look.ts';
import { fileView } from '../../../local/file-view.ts';
import { runNaru } from '../../support/naru-cli.ts';
import { skipBecause } from '../../support/skip.ts';
import { type FakeEngine, fakeEngine } from '../driver/fake-engine.ts';

const NARU = { Platform: { Name: 'Naru' } };
const SEEN = { fingerprint: `sha256:${'1'.repeat(64)}`, nEntries: 3 };

describe('a look ahead', () => {
  let cwd = '';
  let fake: FakeEngine;
  before(function () {
    if (process.platform !== 'linux') skipBecause(this, 'only Linux says which files a process sees');
  });
  beforeEach(async () => {
    cwd = realpathSync(mkdtempSync(join(tmpdir(), 'naru-ahead-')));
    for (const name of ['plain', 'ignoring', 'own', 'files']) mkdirSync(join(cwd, name));
    for (const name of ['plain/Dockerfile', 'ignoring/.dockerignore', 'own/Dockerfile.dockerignore'])
      writeFileSync(join(cwd, name), 'FROM scratch\n');
    writeFileSync(join(cwd, 'files/D.dockerignore'), '');
    symlinkSync('plain', join(cwd, 'link'));
    fake = await fakeEngine(({ url }) => (url === CONTEXT_LOOK_PATH ? { body: { seen: SEEN } } : {}), NARU);
  });
  afterEach(async () => {
    await fake.close();
    rmSync(cwd, { recursive: true, force: true });
  });

  /** Directories that the engine was asked to look at. */
  function asked(): readonly unknown[] {
    return fake.received
      .filter(({ url }) => url === CONTEXT_LOOK_PATH)
      .map(({ method, body }) => {
        assert.equal(method, 'POST');
        const { view, directory } = JSON.parse(body) as Readonly<Record<string, unknown>>; // what the client sent
        assert.equal(view, fileView());
        return directory;
      });
  }
  async function look(
    context: string,
    { file, kind = 'unix' }: { readonly file?: string; readonly kind?: TargetKind } = {},
  ): Promise<unknown> {
    return lookAhead(fake.engine, { kind }, context, file === undefined ? {} : { file }, { cwd });
  }

  const LOOKED: readonly (readonly [string, (string | undefined)?, TargetKind?])[] = [
    ['plain'],
    ['plain', undefined, 'local'],
    ['plain', 'plain/Dockerfile'],
    ['plain', 'files/Other'],
    ['link'],
    ['files'],
  ];
  for (const [context, file, kind] of LOOKED)
    it(`is taken of ${[context, file, kind].filter(Boolean).join(' ')}`, async () => {
      const options = { ...(file === undefined ? {} : { file }), ...(kind === undefined ? {} : { kind }) };
      assert.deepEqual(await look(context, options), SEEN);
      assert.deepEqual(asked(), [join(cwd, context === 'link' ? 'plain' : context)]);
    });

  const NOT_LOOKED: readonly (readonly [string, (string | undefined)?, TargetKind?])[] = [
    ['ignoring'],
    ['own'],
    ['plain', 'files/D'],
    ['-'],
    ['plain', '-'],
    ['plain', 'https://example.test/Dockerfile'],
    ['plain', undefined, 'ssh'],
    ['nowhere'],
    ['https://example.test/repo.git'],
  ];
  for (const [context, file, kind] of NOT_LOOKED)
    it(`is not taken of ${[context, file, kind].filter(Boolean).join(' ')}`, async () => {
      const options = { ...(file === undefined ? {} : { file }), ...(kind === undefined ? {} : { kind }) };
      assert.equal(await look(context, options), undefined);
      assert.deepEqual(asked(), []);
    });

  it('is what a build asks for first', async () => {
    await runNaru(fake.host, ['build', 'plain'], { cwd });
    assert.equal(fake.received[0]?.url, CONTEXT_LOOK_PATH);
    assert.deepEqual(asked(), [join(cwd, 'plain')]);
  });

  it('is not asked of Docker', async () => {
    await fake.close();
    fake = await fakeEngine(() => ({ body: { seen: SEEN } }));
    assert.equal(await look('plain'), undefined);
    assert.deepEqual(asked(), []);
  });
});
