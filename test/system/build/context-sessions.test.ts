/** Contexts are kept for the clients that are about to build from them, and for nobody who left. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { EngineConnection } from '../../../client/driver/engine/connection.ts';
import { type ContextSession, openContextSession } from '../../../client/driver/sync/context-session.ts';
import { directorySource } from '../../../client/driver/sync/context-source.ts';
import { syncContext } from '../../../client/driver/sync/context-sync.ts';
import { isErrorKind } from '../../../core/errors.ts';
import { diskTree } from '../../../local/disk-tree.ts';
import { HashPool } from '../../../local/hash-pool.ts';
import { unixConnect } from '../../../local/http/unix.ts';
import { StatCache } from '../../../local/stat-cache.ts';
import { until } from '../../support/until.ts';
import { type EngineProcess, eventsOf, startEngine } from './engine-process.ts';
import { requestOf } from './synced.ts';

interface CacheEntry {
  readonly Type: string;
  readonly InUse: boolean;
}

describe('context sessions', function () {
  this.timeout(60_000);
  let server: EngineProcess;
  let folder = '';
  const connections: EngineConnection[] = [];

  before(async () => {
    server = await startEngine();
  });
  after(async () => {
    await server.remove();
  });
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'naru-sessions-')));
  });
  afterEach(async () => {
    for (const engine of connections.splice(0)) engine.dispose();
    rmSync(folder, { recursive: true, force: true });
    await untilPruned();
  });

  /** A client with connections of its own: without them it is gone. */
  async function client(): Promise<EngineConnection> {
    const engine = await EngineConnection.open(unixConnect(join(server.directory, 'sock')));
    connections.push(engine);
    return engine;
  }
  function write(files: Readonly<Record<string, string>>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
  }
  async function send(engine: EngineConnection, session?: ContextSession): Promise<string> {
    const options = {
      statCache: new StatCache({ strength: 'strong' }),
      hashPool: new HashPool({ nWorkers: 0 }),
    };
    const source = directorySource(folder, diskTree(folder, { ...options, owners: 'root' }));
    return (await syncContext(engine, source, session === undefined ? {} : { session })).id;
  }
  async function contexts(): Promise<readonly CacheEntry[]> {
    const usage = (await server.call('GET', '/system/df')).body as {
      readonly BuildCache: readonly CacheEntry[];
    };
    return usage.BuildCache.filter(({ Type }) => Type === 'source.local');
  }
  async function prune(): Promise<void> {
    assert.equal((await server.call('POST', '/build/prune?all=1')).status, 200);
  }
  async function untilPruned(): Promise<void> {
    await until('nothing is left', async () => {
      await prune();
      return (await contexts()).length === 0;
    });
  }
  async function build(id: string): Promise<string | undefined> {
    const request = requestOf('FROM scratch\nCOPY a /\n', id);
    return (await eventsOf(server.lines('POST', '/naru/v1/builds', request))).at(-1)?.type;
  }

  it('keeps what a client sent until it has left', async () => {
    write({ a: 'one' });
    const engine = await client();
    const session = openContextSession(engine);
    const id = await send(engine, session);
    await prune();
    assert.deepEqual(
      (await contexts()).map(({ InUse }) => InUse),
      [true],
    );
    assert.equal(await build(id), 'result');
    await prune();
    assert.deepEqual(
      (await contexts()).map(({ InUse }) => InUse),
      [true],
    );
    session.close();
    await untilPruned();
    assert.deepEqual(readdirSync(join(server.directory, 'root/build/contexts/content/files')), []);
  });

  it('keeps nothing for a client that is gone', async () => {
    write({ a: 'one' });
    const engine = await client();
    await send(engine, openContextSession(engine));
    assert.equal((await contexts()).length, 1);
    engine.dispose();
    await untilPruned();
  });

  it('keeps for the other of two clients what both sent', async () => {
    write({ a: 'one' });
    const [first, second] = [await client(), await client()];
    const id = await send(first, openContextSession(first));
    const session = openContextSession(second);
    assert.equal(await send(second, session), id);
    assert.equal(await build(id), 'result');
    first.dispose();
    await prune();
    assert.equal(await build(id), 'result');
  });

  it('keeps nothing of files that were still coming when the client left', async () => {
    write({ a: 'one', b: 'two' });
    const engine = await client();
    const tree = diskTree(folder, {
      statCache: new StatCache({ strength: 'strong' }),
      hashPool: new HashPool({ nWorkers: 0 }),
      owners: 'root',
    });
    const source = directorySource(folder, tree);
    const sending = syncContext(
      engine,
      {
        ...source,
        open: async (path) => {
          if (path === 'b') engine.dispose();
          return source.open(path);
        },
      },
      { session: openContextSession(engine) },
    );
    await assert.rejects(sending, (error) => isErrorKind(error, 'unavailable'));
    await untilPruned();
    assert.deepEqual(readdirSync(join(server.directory, 'root/build/contexts/content/files')), []);
    assert.deepEqual(readdirSync(join(server.directory, 'root/build/contexts/content/incoming')), []);
  });

  it('waits for a client without a session until its build has begun', async () => {
    write({ a: 'one' });
    const engine = await client();
    const id = await send(engine);
    engine.dispose();
    await prune();
    assert.deepEqual(
      (await contexts()).map(({ InUse }) => InUse),
      [true],
    );
    assert.equal(await build(id), 'result');
  });

  it('refuses a name that could be guessed, and one that is taken', async () => {
    const path = '/naru/v1/context/sessions/';
    assert.equal((await server.call('POST', `${path}mine`)).status, 400);
    const name = '00000000-0000-4000-8000-000000000000';
    const engine = await client();
    await engine.stream({ method: 'POST', path: `${path}${name}` });
    assert.equal((await server.call('POST', `${path}${name}`)).status, 409);
  });
});
