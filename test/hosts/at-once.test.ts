/** Several clients of one host at the same time, and clients that go away in the middle. */

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  bootstrapSshEngine,
  type BootstrapOptions,
  type SshEngine,
} from '../../client/driver/ssh/bootstrap.ts';
import { SILENT_PROMPTS } from '../../client/driver/ssh/prompts.ts';
import { requireRoot } from '../support/skip.ts';
import { startSshHost, type SshHost, trustHost } from '../support/ssh-host.ts';
import { until } from '../support/until.ts';

const DIST = join(import.meta.dirname, '../../dist');

describe('clients of one host at the same time', function () {
  this.timeout(120_000);
  let host: SshHost;
  let store: string;

  before(async function () {
    requireRoot(this);
    host = await startSshHost();
    trustHost(host);
    store = join(host.home, '.local/share/naru/store');
  });
  after(async () => {
    await host?.stop();
  });

  function connect(options: Partial<BootstrapOptions> = {}): Promise<SshEngine> {
    return bootstrapSshEngine({
      address: { host: host.address },
      dist: DIST,
      env: { ...process.env, ...host.env },
      prompts: SILENT_PROMPTS,
      ...options,
    });
  }

  /** All of them connect; answers how many started the engine. */
  async function connectAtOnce(nClients: number): Promise<number> {
    const engines = await Promise.all(Array.from({ length: nClients }, () => connect()));
    for (const { connection } of engines) connection.close();
    return engines.filter(({ wasRunning }) => !wasRunning).length;
  }

  function enginePid(): number {
    return Number(/^pid=(\d+)$/m.exec(readFileSync(join(store, '../run/engine'), 'utf8'))?.[1]);
  }

  it('a client that goes away while it sends leaves nothing', async () => {
    const leaving = new AbortController();
    const left = connect({
      signal: leaving.signal,
      onStage: (stage) => stage.kind === 'sending' && stage.progress.sentBytes > 4e6 && leaving.abort(),
    });
    await assert.rejects(left);
    await until('what was begun is away', () => readdirSync(store).length === 0);
  });

  it('three that install share one copy of everything and one engine, and take away what dead ones left', async () => {
    mkdirSync(join(store, '.part-0123456789ab'), { recursive: true });
    writeFileSync(join(store, '.part-0123456789ab/archive.tar.gz'), 'half');
    mkdirSync(join(store, '.part-abc-1'), { recursive: true });
    mkdirSync(join(store, 'abc/files'), { recursive: true });
    assert.equal(await connectAtOnce(3), 1);
    const found = readdirSync(store, { recursive: true }).map(String);
    assert.deepEqual(
      found.filter((name) => name.includes('.part-') || name.endsWith('/files')),
      [],
    );
    assert.equal(found.filter((name) => name.endsWith('/node')).length, 1);
  });

  it('three that find the engine dead start one', async () => {
    const pid = enginePid();
    process.kill(pid, 'SIGKILL');
    await until('it is dead', () => !existsSync(`/proc/${pid}/exe`));
    assert.equal(await connectAtOnce(3), 1);
  });

  it('an engine whose client never wrote it down is found', async () => {
    const pid = enginePid();
    host.run('rm', '/root/.local/share/naru/run/engine');
    const engine = await connect();
    engine.connection.close();
    assert.deepEqual([engine.wasRunning, enginePid()], [true, pid]);
  });
});
