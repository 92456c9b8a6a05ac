/** Naru's own messages survive the wire, and what does not belong is refused by name. */

import assert from 'node:assert/strict';

import fc from 'fast-check';

import type { CacheRecord, VertexLookup, VertexRequest } from '../../../core/build/cache-record.ts';
import { defaultBuildOptions } from '../../../core/build/options.ts';
import { digestOf } from '../../../core/oci/digest.ts';
import {
  type BuildEvent,
  decodeBuildEvent,
  decodeBuildRequest,
  encodeBuildOptions,
  readBuildOptions,
} from '../../../core/protocol/build.ts';
import { decodeCacheResolveAnswer, decodeCacheResolveRequest } from '../../../core/protocol/cache-resolve.ts';
import {
  checkManifestHeader,
  decodeManifestLine,
  encodeManifest,
  type ManifestEntry,
} from '../../../core/protocol/context-sync.ts';
import type { Decoder } from '../../../core/protocol/decode.ts';
import { decodeImageResolveAnswer, encodeImageResolveAnswer } from '../../../core/protocol/image-resolve.ts';

function roundTrip<T>(value: T, decode: Decoder<T>): void {
  assert.deepEqual(decode(JSON.parse(JSON.stringify(value)), ''), value);
}

function refuses(decode: () => unknown, message: string): void {
  assert.throws(decode, { kind: 'invalid-argument', message });
}

const A = digestOf('a');
const ORIGIN = { project: 'p', stage: '0', line: 3, instruction: 'RUN true' };

describe('protocol', () => {
  it('carries a whole plan to the engine and the verdicts back', () => {
    const vertices: VertexRequest[] = [
      {
        id: 0,
        kind: 'image',
        givenKey: A,
        sources: [],
        isForced: false,
        allowsCutOff: false,
        origin: ORIGIN,
      },
      {
        id: 1,
        kind: 'copy',
        local: A,
        root: 0,
        sources: [
          {
            vertex: 0,
            selection: {
              kind: 'copy',
              sources: ['a*'],
              destination: '/d',
              isDestinationDirectory: true,
              excludes: [],
              keepsParents: false,
              chown: 'app',
            },
          },
          { vertex: 0, selection: { kind: 'tree', path: '' } },
          { vertex: 0, selection: { kind: 'layer' } },
        ],
        isForced: true,
        allowsCutOff: true,
        origin: ORIGIN,
      },
    ];
    roundTrip({ vertices }, decodeCacheResolveRequest);
    const record: CacheRecord = {
      key: A,
      aliases: [A],
      partial: A,
      rootKey: A,
      origin: ORIGIN,
      components: [{ kind: 'file', name: 'a', value: 'v', path: 'src/a' }],
      result: 'snapshot',
      seconds: 1.5,
      bytes: 7,
      createdAt: '2026-01-01T00:00:00Z',
    };
    const lookups: VertexLookup[] = [
      { outcome: 'given', key: A },
      { outcome: 'hit', key: A, record },
      { outcome: 'miss', cause: 'absent', previous: record },
      { outcome: 'depends', on: [1] },
      { outcome: 'unknown', on: [] },
    ];
    roundTrip({ lookups }, decodeCacheResolveAnswer);
  });

  it('refuses by the name of the field', () => {
    refuses(() => decodeCacheResolveRequest({}, ''), 'invalid message: vertices must be a list');
    refuses(
      () => decodeCacheResolveRequest({ vertices: [{ id: 'x' }] }, ''),
      'invalid message: vertices[0].id must be an integer',
    );
    refuses(
      () => decodeCacheResolveAnswer({ lookups: [{ outcome: 'maybe' }] }, ''),
      'invalid message: lookups[0].outcome must be one of given, hit, twin, miss, depends, unknown',
    );
    refuses(() => decodeCacheResolveRequest(null, ''), 'invalid message must be an object');
  });

  it('says null for an image that is not known', () => {
    const config = {
      architecture: 'amd64',
      os: 'linux',
      rootfs: { type: 'layers', diff_ids: [A] },
      config: { Env: ['A=1'] },
    } as const;
    const image = { reference: 'a', digest: A, config, isLocal: true, pullBytes: 0 };
    const wire = JSON.parse(JSON.stringify(encodeImageResolveAnswer({ images: [undefined, image] })));
    assert.deepEqual(decodeImageResolveAnswer(wire, ''), { images: [undefined, image] });
  });

  it('carries builds and their events', () => {
    const platform = { os: 'linux', architecture: 'arm64' };
    const options = {
      ...defaultBuildOptions(platform),
      buildArgs: new Map([['__proto__', '1']]),
      target: 't',
      allowed: ['network.host'] as const,
      context: {
        kind: 'git',
        remote: 'https://host/x.git',
        ref: 'main',
        commit: 'a'.repeat(40),
        subdirectory: 'd',
        keepsGitDirectory: false,
      } as const,
    };
    const request = {
      dockerfile: { path: 'Dockerfile', text: 'FROM scratch' },
      contexts: { '': 'id' },
      project: 'p',
      options: encodeBuildOptions(options),
      tags: ['a:b'],
      secrets: {},
      agents: { default: 'session' },
      pulls: false,
    };
    const received = decodeBuildRequest(JSON.parse(JSON.stringify(request)), '');
    assert.deepEqual(readBuildOptions(received.options, platform), options);
    assert.deepEqual({ ...received.agents }, { default: 'session' });
    const events: BuildEvent[] = [
      { seq: 1, type: 'started', build: 'b' },
      { seq: 2, type: 'begin', stage: '0', line: 1, instruction: 'RUN x' },
      { seq: 3, type: 'log', stage: '0', line: 1, stream: 'stderr', text: 'x\n' },
      { seq: 4, type: 'pull', reference: 'a', bytes: 1, totalBytes: 2 },
      {
        seq: 5,
        type: 'step',
        stage: '0',
        line: 1,
        instruction: 'RUN x',
        state: 'RUN',
        seconds: 0.1,
        bytes: 2,
      },
      { seq: 6, type: 'warning', line: 1, code: 'W', message: 'm' },
      { seq: 7, type: 'error', file: 'Dockerfile', line: 1, column: 1, code: 'E', message: 'm', hint: 'h' },
      { seq: 8, type: 'result', image: A, tags: [] },
    ];
    for (const event of events) roundTrip(event, decodeBuildEvent);
  });
});

describe('context manifest', () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((part) => !/^\.{1,2}$|[/\0]/.test(part));
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

  it('keeps everything but owners', () => {
    fc.assert(
      fc.property(
        path,
        fc.integer({ min: 0, max: 0o7777 }),
        fc.bigInt({ min: -1n, max: 1n << 70n }),
        (at, mode, mtimeNs) => {
          const shared = { path: at, mode, mtimeNs, uid: 0, gid: 0 };
          const entries: ManifestEntry[] = [
            { entry: { ...shared, kind: 'file', sizeBytes: 3 }, digest: A },
            { entry: { ...shared, kind: 'dir', sizeBytes: 0 } },
            { entry: { ...shared, kind: 'symlink', sizeBytes: 0, linkTarget: '../x' } },
            { entry: { ...shared, kind: 'char-device', sizeBytes: 0, device: { major: 1, minor: 3 } } },
          ];
          const [header, ...lines] = Array.from(encodeManifest(entries));
          checkManifestHeader(header ?? '');
          assert.deepEqual(lines.map(decodeManifestLine), entries);
        },
      ),
    );
  });

  it('numbers the files that have several names in it, wherever the others have theirs', () => {
    const entry = (at: string, inode?: string): ManifestEntry => ({
      entry: {
        path: at,
        kind: 'file',
        mode: 0o644,
        mtimeNs: 0n,
        uid: 0,
        gid: 0,
        sizeBytes: 3,
        ...(inode === undefined ? {} : { inode }),
      },
      digest: A,
    });
    const sent = [
      entry('a', '9:1'),
      entry('b', '9:2'),
      entry('c', '9:3'),
      entry('d', '9:2'),
      entry('e', '9:1'),
    ];
    const read = [...encodeManifest([...sent, entry('f')])].slice(1).map(decodeManifestLine);
    assert.deepEqual(
      read.map(({ entry: { inode } }) => inode),
      ['2', '1', undefined, '1', '2', undefined],
    );
  });

  it('refuses paths that leave the tree', () => {
    const line = (at: string): string => JSON.stringify({ path: at, kind: 'dir', mode: 493, mtime: '0' });
    for (const at of ['..', 'a/../b', '/a', 'a//b', './a', 'a/', 'a\0b']) {
      assert.throws(() => decodeManifestLine(line(at)), { kind: 'invalid-argument' }, at);
    }
    assert.equal(decodeManifestLine(line('')).entry.path, '');
    refuses(() => checkManifestHeader('{"naruContext":9}'), 'invalid message: naruContext must be 1');
  });
});
