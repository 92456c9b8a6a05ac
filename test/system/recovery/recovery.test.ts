/** What the next engine finds after kill -9: containers that live, those that ended meanwhile, and no leftovers. Needs root. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { HostOptions } from '../../../runtime/engine/containers/container.ts';
import { collect, openEngine, removeEngine, until, type TestEngine } from '../containers/engine.ts';

const NEVER = new AbortController().signal;

interface Spec {
  readonly script: string;
  readonly host?: HostOptions;
}

describe('recovery after kill -9', () => {
  let root = '';
  let engineId = '';
  let engine: TestEngine | undefined;
  beforeEach(() => {
    root = fs.mkdtempSync(join(tmpdir(), 'naru-recovery-'));
    engineId = randomBytes(6).toString('hex');
    engine = undefined;
  });
  afterEach(async () => {
    await removeEngine(engine ?? (await openEngine(root, engineId)));
  });

  /** Starts containers in an engine process, kills it, and answers their ids. */
  async function killedEngine(...specs: readonly Spec[]): Promise<readonly string[]> {
    const child = join(import.meta.dirname, 'child.ts');
    const argv = [child, root, engineId, ...specs.map((spec) => JSON.stringify({ host: {}, ...spec }))];
    const process_ = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(process_.stdout, 'data');
    process_.kill('SIGKILL');
    await once(process_, 'exit');
    return JSON.parse(String(line)) as string[]; // printed by child.ts
  }

  async function reopen(): Promise<TestEngine> {
    engine = await openEngine(root, engineId);
    return engine;
  }

  async function logText(id: string): Promise<string> {
    assert.ok(engine);
    let text = '';
    for await (const { data } of engine.containers.logs(id, { stdout: true, stderr: true, signal: NEVER }))
      text += data;
    return text;
  }

  it('takes over a container that lives, with its streams, log and exit code', async () => {
    const script = 'echo before; while [ ! -e /go ]; do sleep 0.02; done; echo after; exit 42';
    const [id = ''] = await killedEngine({ script });
    const { containers } = await reopen();
    assert.equal((await containers.inspect(id)).state.status, 'running');
    const { stream } = await containers.attach(id, {
      stdin: false,
      stdout: true,
      stderr: true,
      logs: false,
      stream: true,
    });
    const output = collect(stream);
    const exit = containers.wait(id, 'not-running', NEVER, () => undefined);
    const execId = await containers.execCreate(id, { cmd: ['touch', '/go'] });
    await containers.execStart(execId, { detach: true });
    assert.deepEqual([await exit, await output], [{ exitCode: 42 }, { stdout: 'after\n', stderr: '' }]);
    assert.equal(await logText(id), 'before\nafter\n');
    await containers.start(id);
    assert.equal((await containers.inspect(id)).state.status, 'running');
  });

  it('knows how a container ended meanwhile', async () => {
    const [id = '', gone = ''] = await killedEngine(
      { script: 'sleep 0.4; echo out; exit 7' },
      { script: 'sleep 0.3; exit 1', host: { autoRemove: true } },
    );
    await until('its end is written', () => fs.existsSync(`/run/naru-test-${engineId}/exits/${id}`));
    const { containers } = await reopen();
    await until('it is seen', async () => (await containers.inspect(id)).state.status === 'exited');
    const { exitCode, finishedAt } = (await containers.inspect(id)).state;
    assert.equal(exitCode, 7);
    assert.ok(finishedAt instanceof Date && finishedAt.getTime() <= Date.now());
    assert.equal(await logText(id), 'out\n');
    await until(
      'the other is removed',
      async () => !(await containers.list({ all: true })).some((c) => c.id === gone),
    );
  });

  it('applies restart policies', async () => {
    const [id = ''] = await killedEngine({
      script: 'sleep 0.2',
      host: { restartPolicy: { name: 'always', maximumRetryCount: 0 } },
    });
    const { containers } = await reopen();
    await until('it runs again', async () => (await containers.inspect(id)).restartCount > 0);
  });

  it('removes what a removal left that the engine did not live to finish', async () => {
    const [kept = ''] = await killedEngine({ script: 'true' });
    const orphan = join(root, 'containers', 'f'.repeat(64));
    fs.mkdirSync(join(orphan, 'log'), { recursive: true });
    await reopen();
    assert.deepEqual(fs.readdirSync(join(root, 'containers')), [kept]);
  });

  it('counts a container without its monitor as killed', async () => {
    const [id = ''] = await killedEngine({ script: 'sleep 100' });
    const monitor = Number(
      fs.readFileSync(`/run/naru-test-${engineId}/c/${id.slice(0, 12)}/conmon.pid`, 'utf8'),
    );
    process.kill(monitor, 'SIGKILL');
    await until(
      'the monitor is gone',
      () =>
        !fs.existsSync(`/proc/${monitor}/cmdline`) ||
        fs.readFileSync(`/proc/${monitor}/cmdline`, 'utf8') === '',
    );
    const { containers } = await reopen();
    const { status, exitCode } = (await containers.inspect(id)).state;
    assert.deepEqual({ status, exitCode }, { status: 'exited', exitCode: 137 });
  });
});
