/** The states of a container: start, stop, kill, pause, restart policies, health, removal, waiting. Needs root. */

import assert from 'node:assert/strict';

import { isErrorKind } from '../../../core/errors.ts';
import type {
  ContainerConfig,
  ContainerStatus,
  HostOptions,
} from '../../../runtime/engine/containers/container.ts';
import { BUSYBOX, makeEngine, removeEngine, until, type TestEngine } from './engine.ts';

const SECOND_NS = 1e9;
const SLEEP = ['sleep', '100'];
const NEVER = new AbortController().signal;

describe('containers: lifecycle', () => {
  let engine: TestEngine;
  before(async () => {
    engine = await makeEngine();
  });
  after(() => removeEngine(engine));

  /** Creates one on no network and starts it. */
  async function start(
    cmd: readonly string[],
    host: HostOptions = {},
    config: Partial<ContainerConfig> = {},
    name?: string,
  ): Promise<string> {
    const { id } = await engine.containers.create({
      ...(name === undefined ? {} : { name }),
      config: { image: BUSYBOX, cmd, ...config },
      host: { networkMode: 'none', ...host },
    });
    await engine.containers.start(id);
    return id;
  }

  async function state(id: string): Promise<{ status: ContainerStatus; exitCode: number }> {
    const { status, exitCode } = (await engine.containers.inspect(id)).state;
    return { status, exitCode };
  }

  function wait(id: string): Promise<unknown> {
    return engine.containers.wait(id, 'not-running', NEVER, () => undefined);
  }

  function collectActions(): { readonly actions: string[]; readonly stop: () => void } {
    const actions: string[] = [];
    return {
      actions,
      stop: engine.events.listen(({ type, action }) => void (type === 'container' && actions.push(action))),
    };
  }

  it('stops by the stop signal, with its own exit code', async () => {
    const id = await start(['sh', '-c', 'trap "exit 5" TERM; echo ready; while :; do sleep 0.05; done']);
    await until('the trap is set', async () => (await logText(id)).includes('ready'));
    const { actions, stop } = collectActions();
    await engine.containers.stop(id, { timeoutSeconds: 5 });
    stop();
    assert.deepEqual(await state(id), { status: 'exited', exitCode: 5 });
    assert.deepEqual(actions, ['kill', 'die', 'stop']);
    await assert.rejects(engine.containers.stop(id, {}), (error) => isErrorKind(error, 'not-modified'));
  });

  it('is resumed by the stop signal, and ends by it', async () => {
    const id = await start(['sh', '-c', 'trap "exit 5" TERM; echo ready; while :; do sleep 0.05; done']);
    await until('the trap is set', async () => (await logText(id)).includes('ready'));
    await engine.containers.pause(id);
    const { actions, stop } = collectActions();
    await engine.containers.stop(id, { timeoutSeconds: 30 });
    stop();
    assert.deepEqual(await state(id), { status: 'exited', exitCode: 5 });
    assert.deepEqual(actions, ['kill', 'unpause', 'die', 'stop']);
  });

  it('is resumed by another signal, unless it has a stop signal of its own', async () => {
    const script = 'trap "echo heard" USR1; echo ready; while :; do sleep 0.05; done';
    const free = await start(['sh', '-c', script]);
    const own = await start(['sh', '-c', script], {}, { stopSignal: 'SIGQUIT' });
    for (const id of [free, own]) {
      await until('the trap is set', async () => (await logText(id)).includes('ready'));
      await engine.containers.pause(id);
      await engine.containers.kill(id, 'USR1');
    }
    await until('the signal arrives', async () => (await logText(free)).includes('heard'));
    const statuses = [free, own].map(async (id) => (await state(id)).status);
    assert.deepEqual(await Promise.all(statuses), ['running', 'paused']);
  });

  it('kills what does not stop in time', async () => {
    const id = await start(['sh', '-c', 'trap "" TERM; while :; do sleep 0.05; done']);
    await engine.containers.stop(id, { timeoutSeconds: 0 });
    assert.deepEqual(await state(id), { status: 'exited', exitCode: 137 });
  });

  it('is killed, paused and refused in the wrong state', async () => {
    const id = await start(SLEEP, {}, {}, 'stateful');
    await assert.rejects(engine.containers.start(id), (error) => isErrorKind(error, 'not-modified'));
    await assert.rejects(
      engine.containers.remove(id, {}),
      /cannot remove container "\/stateful": container is running/,
    );
    await engine.containers.pause(id);
    assert.equal((await state(id)).status, 'paused');
    await assert.rejects(engine.containers.start(id), /cannot start a paused container/);
    await engine.containers.unpause(id);
    await engine.containers.pause(id);
    await engine.containers.kill(id, '');
    assert.deepEqual(await state(id), { status: 'exited', exitCode: 137 });
    await assert.rejects(engine.containers.kill(id, 'TERM'), /is not running/);
    await assert.rejects(engine.containers.kill(id, 'NOPE'), /invalid signal: NOPE/);
    await engine.containers.remove(id, {});
    await assert.rejects(engine.containers.inspect(id), /No such container: /);
  });

  it('starts again where it stopped', async () => {
    const id = await start(['sh', '-c', 'echo x >> /count; exit $(wc -l < /count)']);
    await wait(id);
    await engine.containers.start(id);
    await wait(id);
    assert.deepEqual(await state(id), { status: 'exited', exitCode: 2 });
  });

  it('restarts a running one', async () => {
    const id = await start(SLEEP);
    const before = (await engine.containers.inspect(id)).state.pid;
    const { actions, stop } = collectActions();
    await engine.containers.restart(id, { timeoutSeconds: 0 });
    stop();
    assert.deepEqual(actions, ['kill', 'kill', 'die', 'stop', 'start', 'restart']);
    const after = (await engine.containers.inspect(id)).state;
    assert.equal(after.status, 'running');
    assert.notEqual(after.pid, before);
  });

  it("tells names in use in Docker's words, and renames", async () => {
    const { id } = await engine.containers.create({ name: '/one', config: { image: BUSYBOX }, host: {} });
    const again = engine.containers.create({ name: 'one', config: { image: BUSYBOX }, host: {} });
    await assert.rejects(
      again,
      new RegExp(
        `Conflict. The container name "/one" is already in use by container "${id}". You have to remove`,
      ),
    );
    await engine.containers.rename('one', 'two');
    assert.equal((await engine.containers.inspect('/two')).id, id);
    assert.equal((await engine.containers.inspect(id.slice(0, 5))).name, 'two');
    await assert.rejects(engine.containers.rename('two', 'a b'), /Invalid container name/);
    await engine.containers.remove('two', {});
  });

  it('restarts on failure as often as it may', async () => {
    const id = await start(['false'], { restartPolicy: { name: 'on-failure', maximumRetryCount: 2 } });
    await until('it gave up', async () => (await state(id)).status === 'exited');
    assert.equal((await engine.containers.inspect(id)).restartCount, 2);
  });

  // dockerd 28.5.2: an attached client ends with the first run.
  it('tells who waits for the end of a run that another one follows', async () => {
    const id = await start(['sh', '-c', 'exit 3'], {
      restartPolicy: { name: 'always', maximumRetryCount: 0 },
    });
    assert.deepEqual(await wait(id), { exitCode: 3 });
    await engine.containers.remove(id, { force: true });
  });

  it('does not restart what a user stopped', async () => {
    const id = await start(['sh', '-c', 'exit 1'], {
      restartPolicy: { name: 'always', maximumRetryCount: 0 },
    });
    await until('it restarted', async () => (await engine.containers.inspect(id)).restartCount >= 1);
    await engine.containers.stop(id, { timeoutSeconds: 1 });
    assert.equal((await state(id)).status, 'exited');
  });

  it('waits for the next exit and for removal', async () => {
    const { id } = await engine.containers.create({
      config: { image: BUSYBOX, cmd: ['sh', '-c', 'exit 3'] },
      host: { networkMode: 'none' },
    });
    const exit = engine.containers.wait(id, 'next-exit', NEVER, () => undefined);
    const removal = engine.containers.wait(id, 'removed', NEVER, () => undefined);
    await engine.containers.start(id);
    assert.deepEqual(await exit, { exitCode: 3 });
    await engine.containers.remove(id, { force: true });
    assert.deepEqual(await removal, { exitCode: 3 });
  });

  it('says that memory ran out', async () => {
    const id = await start(['tail', '/dev/zero'], { memoryBytes: 16 << 20, memorySwapBytes: 16 << 20 });
    await wait(id);
    const { exitCode, oomKilled } = (await engine.containers.inspect(id)).state;
    assert.deepEqual({ exitCode, oomKilled }, { exitCode: 137, oomKilled: true });
  });

  it('changes limits while it runs', async () => {
    const id = await start(SLEEP, { memoryBytes: 64 << 20 });
    await engine.containers.update(
      id,
      { memoryBytes: 128 << 20, memorySwapBytes: 256 << 20, nanoCpus: 1e9 },
      undefined,
    );
    const { host } = await engine.containers.inspect(id);
    assert.deepEqual([host.memoryBytes, host.nanoCpus], [128 << 20, 1e9]);
    assert.equal((await engine.containers.stats(id))?.memory.limitBytes, 128 << 20);
    assert.ok(((await engine.containers.stats(id))?.memory.usageBytes ?? 0) > 0);
  });

  it('checks health', async () => {
    const healthcheck = {
      Test: ['CMD-SHELL', 'test -f /ok'],
      Interval: 0.1 * SECOND_NS,
      Timeout: SECOND_NS,
      Retries: 2,
    };
    const id = await start(
      ['sh', '-c', 'sleep 0.3; touch /ok; sleep 1; rm /ok; sleep 100'],
      {},
      { healthcheck },
    );
    const health = async (): Promise<string | undefined> =>
      (await engine.containers.inspect(id)).state.health?.status;
    assert.equal(await health(), 'starting');
    await until('healthy', async () => (await health()) === 'healthy');
    await until('unhealthy', async () => (await health()) === 'unhealthy');
    assert.ok(((await engine.containers.inspect(id)).state.health?.log.length ?? 0) > 1);
  });

  it('calls one unhealthy that nobody checks, as Docker does', async () => {
    const healthcheck = { Test: ['CMD', 'true'], Interval: 0.1 * SECOND_NS };
    const id = await start(SLEEP, {}, { healthcheck });
    const health = async (): Promise<string | undefined> =>
      (await engine.containers.inspect(id)).state.health?.status;
    await until('healthy', async () => (await health()) === 'healthy');
    await engine.containers.pause(id);
    assert.equal(await health(), 'unhealthy');
    await engine.containers.unpause(id);
    await until('healthy again', async () => (await health()) === 'healthy');
    await engine.containers.kill(id, 'KILL');
    await wait(id);
    assert.equal(await health(), 'unhealthy');
  });

  it('lists by filters, newest first', async () => {
    const id = await start(SLEEP, {}, { labels: { kind: 'listed' } }, 'listed-1');
    const { id: other } = await engine.containers.create({
      config: { image: BUSYBOX, labels: { kind: 'listed' } },
      host: {},
    });
    const find = async (all: boolean, ...filters: [string, string][]): Promise<readonly string[]> => {
      const map = new Map([
        ['label', ['kind=listed']],
        ...filters.map(([key, value]) => [key, [value]] as const),
      ]);
      return (await engine.containers.list({ all, filters: map })).map((detail) => detail.id);
    };
    assert.deepEqual(await find(false), [id]);
    assert.deepEqual(await find(true), [other, id]);
    assert.deepEqual(await find(false, ['status', 'created']), [other]);
    assert.deepEqual(await find(true, ['name', '^listed']), [id]);
    assert.deepEqual(await find(true, ['ancestor', BUSYBOX]), [other, id]);
    await assert.rejects(find(true, ['nonsense', 'x']), /invalid filter 'nonsense'/);
  });

  it('shows its processes', async () => {
    const id = await start(['sh', '-c', 'sleep 100 & sleep 99; true']);
    await until('both sleep', async () => (await engine.containers.top(id, [])).processes.length === 3);
    const { titles, processes } = await engine.containers.top(id, ['-o', 'pid,args']);
    assert.deepEqual(titles, ['PID', 'COMMAND']);
    assert.ok(processes.some(([, args]) => args === 'sleep 99'));
  });

  it('removes what does not run when pruning', async () => {
    const label = { labels: { prune: 'me' } };
    const { id } = await engine.containers.create({ config: { image: BUSYBOX, ...label }, host: {} });
    const kept = await start(SLEEP, {}, label);
    assert.deepEqual((await engine.containers.prune(new Map([['label', ['prune']]]))).deleted, [id]);
    assert.equal((await state(kept)).status, 'running');
  });

  async function logText(id: string): Promise<string> {
    let text = '';
    for await (const { data } of engine.containers.logs(id, { stdout: true, stderr: true, signal: NEVER }))
      text += data;
    return text;
  }
});
