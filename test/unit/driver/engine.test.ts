/** The Engine API client against a scripted engine: what it sends, and what it makes of the answers. */

import assert from 'node:assert/strict';
import { Readable } from 'node:stream';

import fc from 'fast-check';

import { putArchive } from '../../../client/driver/engine/archives.ts';
import * as builds from '../../../client/driver/engine/builds.ts';
import { EngineConnection } from '../../../client/driver/engine/connection.ts';
import { createBody } from '../../../client/driver/engine/container-body.ts';
import * as containers from '../../../client/driver/engine/containers.ts';
import { engineError } from '../../../client/driver/engine/engine-error.ts';
import { engineEvents } from '../../../client/driver/engine/events.ts';
import { startExec } from '../../../client/driver/engine/exec.ts';
import * as images from '../../../client/driver/engine/images.ts';
import { followBuild, resolveCache } from '../../../client/driver/engine/naru.ts';
import { framedOutput, type OutputChunk } from '../../../client/driver/engine/output.ts';
import { readProgress } from '../../../client/driver/engine/progress.ts';
import { containerLogs } from '../../../client/driver/engine/streams.ts';
import { isErrorKind } from '../../../core/errors.ts';
import { unixConnect } from '../../../local/http/unix.ts';
import { type FakeEngine, fakeEngine, type Received, type Scripted } from './fake-engine.ts';

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

async function textOf(source: AsyncIterable<OutputChunk>): Promise<string> {
  return (await all(source))
    .map(({ stream, bytes }) => `${stream}:${Buffer.from(bytes).toString()}`)
    .join('|');
}

function frame(stream: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

describe('engine client', function () {
  if (process.platform === 'win32') return;
  const open: FakeEngine[] = [];
  afterEach(async () => {
    for (const fake of open.splice(0)) await fake.close();
  });
  async function start(
    answer: (request: Received) => Scripted,
    version: Readonly<Record<string, unknown>> = {},
  ): Promise<FakeEngine> {
    const fake = await fakeEngine(answer, version);
    open.push(fake);
    return fake;
  }
  /** Method and URL a call sends. */
  async function sent(
    call: (engine: EngineConnection) => Promise<unknown>,
    body: unknown = {},
  ): Promise<string> {
    const { engine, received } = await start(() => ({ body }));
    await call(engine);
    return `${received[0]?.method} ${decodeURIComponent(received[0]?.url ?? '')}`;
  }

  it('agrees on the lower API version and knows who answers', async () => {
    const podman = { ApiVersion: '1.41', Components: [{ Name: 'Podman Engine' }] };
    const { engine } = await start(() => ({}), podman);
    assert.deepEqual(
      [engine.apiVersion, engine.kind, engine.supports('1.41'), engine.supports('1.42')],
      ['1.41', 'podman', true, false],
    );
    const newer = await start(() => ({}), { ApiVersion: '1.99', Platform: { Name: 'Naru Engine' } });
    assert.deepEqual([newer.engine.apiVersion, newer.engine.kind], ['1.47', 'naru']);
  });

  it('sends what Docker expects', async () => {
    assert.equal(
      await sent(
        (engine) => containers.listContainers(engine, { isAll: true, filters: { label: ['a=b'] } }),
        [],
      ),
      'GET /v1.47/containers/json?all=1&filters={"label":["a=b"]}',
    );
    assert.equal(
      await sent((engine) => containers.stopContainer(engine, 'a/b', { timeoutSeconds: 0 })),
      'POST /v1.47/containers/a/b/stop?t=0',
    );
    assert.equal(
      await sent((engine) => containers.removeContainer(engine, 'x', { isForced: true, withVolumes: false })),
      'DELETE /v1.47/containers/x?force=1&v=0',
    );
    assert.equal(
      await sent((engine) => all(images.pullImage(engine, 'host:5000/a/b'))),
      'POST /v1.47/images/create?fromImage=host:5000/a/b&tag=latest',
    );
    assert.equal(
      await sent((engine) => all(images.pullImage(engine, 'a:1'))),
      'POST /v1.47/images/create?fromImage=a:1',
    );
    assert.equal(
      await sent((engine) => images.pruneImages(engine, true)),
      'POST /v1.47/images/prune?filters={"dangling":["false"]}',
    );
    assert.equal(
      await sent((engine) => builds.pruneBuildCache(engine, { isAll: false })),
      'POST /v1.47/build/prune',
    );
    assert.equal(
      await sent((engine) =>
        builds.pruneBuildCache(engine, { isAll: true, keepBytes: 5, filters: { until: ['24h'] } }),
      ),
      'POST /v1.47/build/prune?all=1&keep-storage=5&filters={"until":["24h"]}',
    );
    assert.equal(
      await sent(
        (engine) => containers.listContainers(engine, { isAll: false, limit: 2, withSizes: true }),
        [],
      ),
      'GET /v1.47/containers/json?all=0&size=1&limit=2',
    );
    assert.equal(
      await sent((engine) =>
        images.commitContainer(engine, 'c', { changes: ['CMD x'], isPaused: false, tag: 't' }),
      ),
      'POST /v1.47/commit?container=c&tag=t&pause=0&changes=CMD+x',
    );
    assert.equal(
      await sent((engine) => images.removeImage(engine, 'a/b:1', { keepsParents: true }), []),
      'DELETE /v1.47/images/a/b:1?noprune=1',
    );
    assert.equal(
      await sent((engine) => putArchive(engine, 'c', '/d', Readable.from([]), true)),
      'PUT /v1.47/containers/c/archive?path=/d&noOverwriteDirNonDir=1&copyUIDGID=1',
    );
  });

  it('turns answers into its own words', async () => {
    const row = {
      Id: 'abc',
      Names: ['/web'],
      Created: 10,
      Ports: [
        { PrivatePort: 80, PublicPort: 8080, IP: '0.0.0.0', Type: 'tcp' },
        { PrivatePort: 81, Type: 'udp' },
      ],
      Labels: null,
      Mounts: [],
    };
    const { engine } = await start(() => ({ body: [row] }));
    assert.deepEqual(await containers.listContainers(engine, { isAll: false }), [
      {
        id: 'abc',
        name: 'web',
        image: '',
        imageId: '',
        command: '',
        createdAt: new Date(10_000),
        state: '',
        status: '',
        ports: [
          { hostIp: '0.0.0.0', hostPort: 8080, containerPort: 80, protocol: 'tcp' },
          { hostIp: '', hostPort: 0, containerPort: 81, protocol: 'udp' },
        ],
        labels: {},
        networks: [],
        mounts: [],
        writableBytes: -1,
        totalBytes: -1,
      },
    ]);
  });

  it("keeps the engine's words in errors", async () => {
    const { engine } = await start(() => ({ status: 404, body: { message: 'No such container: x' } }));
    await assert.rejects(containers.inspectContainer(engine, 'x'), {
      kind: 'not-found',
      message: 'No such container: x',
    });
    const strange = await start(() => ({ body: { Id: 7 } }));
    await assert.rejects(containers.inspectContainer(strange.engine, 'x'), {
      kind: 'unavailable',
      message: "the engine's answer to /containers/x/json is not understood: Id must be a string",
    });
    assert.equal(engineError(418, 'plain text\n', '/x').message, 'plain text');
    assert.equal(engineError(500, '', '/x').message, 'the engine answered 500 to /x');
    const hinted = engineError(
      404,
      JSON.stringify({ message: 'no such file: name it', hint: 'name it' }),
      '/x',
    );
    assert.deepEqual([hinted.message, hinted.hint], ['no such file', 'name it']);
    const stopped = await start(() => ({ status: 304 }));
    assert.equal(await containers.startContainer(stopped.engine, 'x'), false);
  });

  it('reads logs of containers with and without a terminal', async () => {
    const answer =
      (isTty: boolean, chunks: readonly Uint8Array[]) =>
      ({ url }: Received): Scripted =>
        url.includes('/json') ? { body: { Config: { Tty: isTty } } } : { chunks };
    const plain = await start(answer(false, [frame(1, 'out'), frame(2, 'err')]));
    assert.equal(
      await textOf(containerLogs(plain.engine, 'x', { isFollowing: false, tailLines: 5 })),
      'stdout:out|stderr:err',
    );
    assert.equal(plain.received[1]?.url, '/v1.47/containers/x/logs?stdout=1&stderr=1&follow=0&tail=5');
    const tty = await start(answer(true, [Buffer.from('raw')]));
    assert.equal(await textOf(containerLogs(tty.engine, 'x', { isFollowing: false })), 'stdout:raw');
  });

  it('runs a command in a container, both ways', async () => {
    const { engine, received } = await start(({ url }) => {
      if (url.endsWith('/containers/x/exec')) return { status: 201, body: { Id: 'e1' } };
      if (url.endsWith('/exec/e1/start')) return { upgrade: frame(1, 'hello') };
      return { body: { Running: false, ExitCode: 3 } };
    });
    const session = await startExec(engine, 'x', { command: ['cat'], isTty: false, hasStdin: true });
    session.input.end('typed');
    assert.equal(await textOf(session.output), 'stdout:hello');
    assert.equal(await session.exitCode(), 3);
    assert.ok(received.some(({ body }) => body === 'typed'));
  });

  it('reports a refused exec', async () => {
    const { engine } = await start(({ url }) =>
      url.endsWith('/start')
        ? { status: 409, body: { message: 'container is paused' } }
        : { status: 201, body: { Id: 'e1' } },
    );
    await assert.rejects(startExec(engine, 'x', { command: ['a'], isTty: false, hasStdin: false }), {
      kind: 'conflict',
      message: 'container is paused',
    });
  });

  it('tells events', async () => {
    const line = {
      Type: 'container',
      Action: 'start',
      Actor: { ID: 'a', Attributes: { name: 'web' } },
      time: 1,
      timeNano: 1_500_000_000,
    };
    const { engine } = await start(() => ({ chunks: [`${JSON.stringify(line)}\n`] }));
    const events = await all(engineEvents(engine));
    assert.deepEqual(events, [
      {
        type: 'container',
        action: 'start',
        id: 'a',
        attributes: { name: 'web' },
        at: new Date(1500),
        raw: line,
      },
    ]);
  });

  it('follows a build through a broken connection', async () => {
    const step = {
      type: 'step',
      stage: '0',
      line: 1,
      instruction: 'RUN x',
      state: 'RUN',
      seconds: 1,
      bytes: 2,
    };
    const lines = [
      { seq: 1, type: 'started', build: 'b1' },
      { seq: 2, ...step },
      { seq: 3, type: 'result', image: 'sha256:1', tags: [] },
    ].map((event) => `${JSON.stringify(event)}\n`);
    const { engine, received } = await start(
      ({ method }) =>
        method === 'POST' ? { chunks: lines.slice(0, 2), isBroken: true } : { chunks: lines.slice(1) },
      { Platform: { Name: 'Naru Engine' } },
    );
    const request = { dockerfile: { path: 'Dockerfile', text: '' } } as Parameters<typeof followBuild>[1];
    const events = await all(followBuild(engine, request));
    assert.deepEqual(
      events.map(({ seq }) => seq),
      [1, 2, 3],
    );
    assert.match(received[1]?.url ?? '', /^\/naru\/v1\/builds\/b1\/events\?after=[12]$/);
  });

  it('says of a build only over a distant connection that it may come back to it', async () => {
    const lines = [
      { seq: 1, type: 'started', build: 'b1' },
      { seq: 2, type: 'result', image: 'sha256:1', tags: [] },
    ].map((event) => `${JSON.stringify(event)}\n`);
    const { engine, host, received } = await start(
      ({ method }) => (method === 'POST' ? { chunks: lines } : { body: {} }),
      { Platform: { Name: 'Naru Engine' } },
    );
    const connect = unixConnect(host.slice('unix://'.length));
    const distant = await EngineConnection.open(connect, { isDistant: true });
    const request = { dockerfile: { path: 'Dockerfile', text: '' } } as Parameters<typeof followBuild>[1];
    for (const way of [engine, distant.boundTo(undefined)]) await all(followBuild(way, request));
    distant.dispose();
    const bodies = received.filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body));
    assert.deepEqual(bodies, [request, { ...request, mayComeBack: true }]);
  });

  for (const [what, later] of [
    ['breaks off again and again', { chunks: [], isBroken: true }],
    ['comes back without the build', { status: 404, body: { message: 'no such build' } }],
  ] as const) {
    it(`gives a build up when the engine ${what}`, async () => {
      const started = `${JSON.stringify({ seq: 1, type: 'started', build: 'b1' })}\n`;
      const { engine } = await start(
        ({ method }) => (method === 'POST' ? { chunks: [started], isBroken: true } : later),
        { Platform: { Name: 'Naru Engine' } },
      );
      const request = { dockerfile: { path: 'Dockerfile', text: '' } } as Parameters<typeof followBuild>[1];
      await assert.rejects(all(followBuild(engine, request)), {
        kind: 'unavailable',
        code: 'E_BUILD_LOST',
        message: /^the engine went away while building: /,
        hint: 'build again: finished steps are kept',
      });
    });
  }

  it('ends calls with the signal it is bound to, unless they have one of their own', async () => {
    const { engine } = await start(() => ({ body: {} }));
    const bound = engine.boundTo(AbortSignal.abort());
    await assert.rejects(containers.killContainer(bound, 'x', 'INT'), { kind: 'cancelled' });
    await containers.inspectContainer(bound, 'x', { signal: new AbortController().signal });
    await containers.killContainer(bound.boundTo(undefined), 'x', 'INT');
  });

  it('says what needs its own engine', async () => {
    const { engine } = await start(() => ({}));
    await assert.rejects(resolveCache(engine, { vertices: [] }), (error) =>
      isErrorKind(error, 'unimplemented'),
    );
  });
});

describe('framed output', () => {
  it('is read alike however it is cut', async () => {
    const frames = fc.array(fc.tuple(fc.constantFrom(0, 1, 2), fc.string({ maxLength: 20 })), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(frames, fc.integer({ min: 1, max: 30 }), async (parts, size) => {
        const bytes = Buffer.concat(parts.map(([stream, text]) => frame(stream, text)));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        );
        const output = await all(framedOutput(Readable.from(chunks)));
        for (const wanted of ['stdout', 'stderr'] as const) {
          const text = Buffer.concat(
            output.filter(({ stream }) => stream === wanted).map((chunk) => chunk.bytes),
          );
          const numbers = wanted === 'stderr' ? [2] : [0, 1];
          const sent = parts.filter(([stream]) => numbers.includes(stream)).map(([, part]) => part);
          assert.equal(text.toString(), Buffer.from(sent.join('')).toString());
        }
      }),
    );
  });

  it('fails for a cut end, for other bytes, and for what the engine reports', async () => {
    const read = (...bytes: Uint8Array[]): Promise<unknown> => all(framedOutput(Readable.from(bytes)));
    await assert.rejects(read(frame(1, 'abc').subarray(0, 9)), { kind: 'unavailable' });
    await assert.rejects(read(Buffer.from('not framed at all')), { kind: 'unavailable' });
    await assert.rejects(read(frame(3, 'broke')), { kind: 'internal', message: 'broke' });
  });
});

describe('progress', () => {
  it('ends with the error of the operation', async () => {
    const lines =
      '{"status":"Pulling","id":"a","progressDetail":{"current":1,"total":2}}\r\n{"error":"manifest unknown"}\r\n';
    const source = readProgress(Readable.from([Buffer.from(lines)]));
    const first = await source.next();
    assert.deepEqual(first.value, {
      id: 'a',
      status: 'Pulling',
      text: '',
      currentBytes: 1,
      totalBytes: 2,
      aux: undefined,
    });
    await assert.rejects(source.next(), { kind: 'not-found', message: 'manifest unknown' });
  });
});

describe('container spec', () => {
  it('says nothing that was not asked for', () => {
    assert.deepEqual(createBody({ image: 'a' }), {
      Image: 'a',
      OpenStdin: false,
      StdinOnce: false,
      AttachStdin: false,
      AttachStdout: true,
      AttachStderr: true,
      HostConfig: {},
    });
  });

  it('binds ports', () => {
    const body = createBody({
      image: 'a',
      ports: [
        { containerPort: 80, protocol: 'tcp', hostPort: '8080', hostIp: '127.0.0.1' },
        { containerPort: 80, protocol: 'tcp', hostPort: '' },
        { containerPort: 53, protocol: 'udp' },
      ],
      cpus: 1.5,
    });
    assert.deepEqual(body['ExposedPorts'], { '80/tcp': {}, '53/udp': {} });
    assert.deepEqual(body['HostConfig'], {
      PortBindings: {
        '80/tcp': [
          { HostIp: '127.0.0.1', HostPort: '8080' },
          { HostIp: '', HostPort: '' },
        ],
      },
      NanoCpus: 1_500_000_000,
    });
  });
});
