/** What FROM and `--from` take for an image: a name, and no ID, as BuildKit does (dockerd 28.5.2). Needs root. */

import assert from 'node:assert/strict';

import { busyboxArchive } from '../../../scripts/base-images.ts';
import { loadIntoNaru } from '../../conformance/load-image.ts';
import { ask, type EngineUnderTest, startEngine } from '../../support/engine.ts';
import { runNaru } from '../../support/naru-cli.ts';
import { requireRoot } from '../../support/skip.ts';

describe('names of base images', function () {
  this.timeout(120_000);
  let engine: EngineUnderTest;
  let id: string;

  before(async function () {
    requireRoot(this);
    engine = await startEngine();
    await loadIntoNaru(engine.socketPath, await busyboxArchive());
    id = JSON.parse((await ask(engine.socketPath, 'GET', '/images/busybox/json')).text).Id;
    assert.match(id, /^sha256:[0-9a-f]{64}$/);
  });
  after(() => engine?.stop());

  async function run(verb: 'build' | 'preview', text: string, ...args: string[]): Promise<string> {
    const input = Buffer.from(text);
    const { status, stdout, stderr } = await runNaru(engine.host, [verb, ...args, '-f', '-', '.'], {
      cwd: import.meta.dirname,
      input,
    });
    return `${status} ${stdout}${stderr}`;
  }

  const parts: Readonly<Record<string, (hex: string) => string>> = {
    'the first digit of an ID': (hex) => hex.slice(0, 1),
    'a short ID': (hex) => hex.slice(0, 12),
    'a short ID with its algorithm': (hex) => `sha256:${hex.slice(0, 12)}`,
    'an ID with its algorithm': (hex) => `sha256:${hex}`,
  };
  for (const [what, part] of Object.entries(parts)) {
    it(`are not ${what}`, async () => {
      const name = part(id.slice('sha256:'.length));
      const texts = [
        `FROM ${name}\nRUN true\n`,
        `FROM scratch\nRUN --mount=type=bind,from=${name},target=/m ["/m/bin/true"]\n`,
        ...(/^\d+$/.test(name) ? [] : [`FROM scratch\nCOPY --from=${name} /bin/busybox /x\n`]),
      ];
      for (const text of texts) {
        for (const verb of ['build', 'preview'] as const) {
          const told = await run(verb, text);
          assert.match(told, verb === 'build' ? /^1 / : /^2 /, text + told);
          assert.ok(told.includes(`image ${name} is not on this engine`), told);
        }
      }
    });
  }

  it('are not an ID without its algorithm, which is no name', async () => {
    const hex = id.slice('sha256:'.length);
    for (const verb of ['build', 'preview'] as const) {
      const told = await run(verb, `FROM ${hex}\nRUN true\n`);
      const words = `failed to parse stage name "${hex}": invalid repository name (${hex}), cannot specify 64-byte hexadecimal strings`;
      assert.ok(told.includes(words), told);
    }
  });

  it('are not the beginning of an ID in --build-context', async () => {
    const given = ['--build-context', `x=docker-image://${id.slice(7, 19)}`];
    for (const verb of ['build', 'preview'] as const)
      assert.match(await run(verb, 'FROM x\nRUN true\n', ...given), /is not on this engine/);
  });

  it('may look like the beginning of an ID', async () => {
    const name = id.slice(7, 8);
    await ask(engine.socketPath, 'POST', `/images/busybox/tag?repo=${name}`);
    assert.match(await run('build', `FROM ${name}\nRUN true\n`), /^0 /);
    assert.match(await run('preview', `FROM ${name}\nRUN true\n`), /^0 /);
  });
});
