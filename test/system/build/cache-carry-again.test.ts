/** A cache carried away after a step ran again with the same result: what was built on the older result must be found above it elsewhere too. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { BuildEvent } from '../../../core/protocol/build.ts';
import { busyboxArchive } from '../../../scripts/base-images.ts';
import { startEngine } from '../../support/engine.ts';
import { runNaru } from '../../support/naru-cli.ts';
import { requireRoot } from '../../support/skip.ts';

type Engine = Awaited<ReturnType<typeof startEngine>>;

const DOCKERFILE = `FROM busybox AS one
RUN echo 1 > /x
FROM scratch
COPY --from=one /x /
`;
const CACHED = ['1 CACHED', '2 CACHED', '3 FREE', '4 CACHED'];

describe('a cache that is carried after a step ran again', function () {
  this.timeout(180_000);
  let folder = '';
  let project = '';
  let one: Engine;
  const engines: Engine[] = [];

  before(async function () {
    requireRoot(this);
    folder = fs.mkdtempSync(join(tmpdir(), 'naru-again-'));
    project = join(folder, 'project');
    fs.mkdirSync(project);
    fs.writeFileSync(join(project, 'Dockerfile'), DOCKERFILE);
    one = await engineWithBase();
    await build(one);
    assert.deepEqual(await build(one, '--no-cache-filter', 'one'), [
      '1 CACHED',
      '2 RUN',
      '3 FREE',
      '4 CACHED',
    ]);
  });
  after(async () => {
    for (const engine of engines) await engine.stop();
    if (folder !== '') fs.rmSync(folder, { recursive: true, force: true });
  });

  async function engineWithBase(): Promise<Engine> {
    const engine = await startEngine();
    engines.push(engine);
    const { status, stderr } = await runNaru(engine.host, ['load', '-i', await busyboxArchive()]);
    assert.equal(status, 0, stderr);
    return engine;
  }

  /** `line state` of everything that was said of a step, sorted: no step may be told twice. */
  async function build(engine: Engine, ...args: string[]): Promise<readonly string[]> {
    const options = ['--network', 'none', '--progress', 'json', ...args];
    const { status, stdout, stderr } = await runNaru(engine.host, ['build', ...options, project]);
    assert.equal(status, 0, stderr);
    const events = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as BuildEvent); // our own JSON lines
    return events
      .flatMap((event) => (event.type === 'step' ? [`${event.line} ${event.state}`] : []))
      .toSorted();
  }

  async function preview(engine: Engine, ...args: string[]): Promise<readonly string[]> {
    const options = ['--network', 'none', '--json', ...args];
    const { stdout } = await runNaru(engine.host, ['preview', ...options, project]);
    const { steps } = JSON.parse(stdout) as { steps: readonly { line: number; state: string }[] }; // our own JSON
    return steps.map(({ line, state }) => `${line} ${state}`).toSorted();
  }

  async function expectCached(engine: Engine, from: string): Promise<void> {
    assert.deepEqual(await preview(engine, '--cache-from', from), CACHED);
    assert.deepEqual(await build(engine, '--cache-from', from), CACHED);
  }

  for (const mode of ['min', 'max']) {
    it(`${mode} runs nothing elsewhere, and neither does one carried on from there`, async () => {
      const cache = join(folder, mode);
      assert.deepEqual(await build(one, '--cache-to', `type=local,dest=${cache},mode=${mode}`), CACHED);
      const second = await engineWithBase();
      await expectCached(second, `type=local,src=${cache}`);
      const on = join(folder, `${mode}-on`);
      const carried = ['--cache-from', `type=local,src=${cache}`, '--cache-to'];
      assert.deepEqual(await build(second, ...carried, `type=local,dest=${on},mode=${mode}`), CACHED);
      await expectCached(await engineWithBase(), `type=local,src=${on}`);
    });
  }

  it('runs nothing elsewhere where the image brings it', async () => {
    assert.deepEqual(await build(one, '-t', 'inlined', '--cache-to', 'type=inline'), CACHED);
    const saved = join(folder, 'inlined.tar');
    assert.equal((await runNaru(one.host, ['save', '-o', saved, 'inlined'])).status, 0);
    const other = await engineWithBase();
    assert.equal((await runNaru(other.host, ['load', '-i', saved])).status, 0);
    await expectCached(other, 'inlined');
  });

  it('is in the image as its own build made it, whatever was built in between', async () => {
    const imageOf = async (text: string): Promise<string> => {
      const input = `FROM busybox AS a\nRUN echo ${text} > /t; echo same > /a\nFROM scratch\nCOPY --from=a /a /\n`;
      const args = ['build', '-q', '--network', 'none', '--cache-to', 'type=inline', '-f', '-', project];
      const { status, stdout, stderr } = await runNaru(one.host, args, { input });
      assert.equal(status, 0, stderr);
      return stdout;
    };
    const first = await imageOf('one');
    assert.notEqual(await imageOf('two'), first);
    assert.equal(await imageOf('one'), first);
  });

  it('min says of a step without layers that it ran, and not before that it was found', async () => {
    const from = `type=local,src=${join(folder, 'min')}`;
    const other = await engineWithBase();
    fs.writeFileSync(join(project, 'Dockerfile'), `${DOCKERFILE}COPY --from=one /x /y\n`);
    try {
      const on = join(folder, 'ran-on');
      const ran = await build(other, '--cache-from', from, '--cache-to', `type=local,dest=${on}`);
      assert.deepEqual(ran, ['1 CACHED', '2 RUN', '3 FREE', '4 CACHED', '5 RUN']);
      const third = await engineWithBase();
      const all = [...CACHED, '5 CACHED'];
      assert.deepEqual(await build(third, '--cache-from', `type=local,src=${on}`), all);
    } finally {
      fs.writeFileSync(join(project, 'Dockerfile'), DOCKERFILE);
    }
  });
});
