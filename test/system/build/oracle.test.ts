/**
 * The measured edits of test/oracle on a real builder: snapshots, crun, downloads from a server.
 * `npm test` replays every eighth and all downloads, the full run all 160; each on a base image of its own, so that no edit finds what another built.
 */

import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { FileTree } from '../../../core/context/file-tree.ts';
import type { MemoryFile } from '../../../core/context/memory-tree.ts';
import { HashPool } from '../../../local/hash-pool.ts';
import { FIXTURES } from '../../oracle/fixtures.ts';
import { expectedRuns, type OracleEdit, type OracleFixture, type Served } from '../../oracle/oracle-edit.ts';
import { type ReplayedBuild, replay, type StepState } from '../../oracle/replay.ts';
import { requireRoot } from '../../support/skip.ts';
import { RealBases } from './real-bases.ts';
import { type ContextFiles, makeRig, type Rig } from './rig.ts';

const IS_FULL = process.env['NARU_TEST_FULL'] !== undefined;
const ONE_IN = 8;

describe('oracle on a real builder', function () {
  this.timeout(120_000);
  let rig: Rig;
  let server: Server;
  let served: Served = {};
  const hashPool = new HashPool({ nWorkers: 1 });

  before(async function () {
    requireRoot(this);
    rig = await makeRig();
    server = createServer((_, response) => {
      response.setHeader('ETag', served.etag ?? '"1"');
      response.setHeader('Last-Modified', served.modified ?? 'Sun, 01 Jan 2023 00:00:00 GMT');
      response.end(served.body ?? 'served\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    await hashPool.dispose();
    server?.close();
    await rig?.close();
  });

  let nth = 0;
  for (const fixture of FIXTURES) {
    for (const edit of fixture.edits) {
      nth += 1;
      if (!IS_FULL && nth % ONE_IN !== 0 && edit.needs !== 'a server') continue;
      const nonce = `edit ${nth} ${edit.name}`; // now: when tests run, all have been counted
      it(`${fixture.name}: ${edit.name}`, () => check(fixture, edit, nonce));
    }
  }

  async function check(fixture: OracleFixture, edit: OracleEdit, nonce: string): Promise<void> {
    const bases = new RealBases(rig, nonce);
    served = {};
    let nBuilds = 0;
    const ran = await replay(fixture, edit, hashPool, async (build) => {
      nBuilds += 1;
      if (nBuilds === 2) served = edit.serve ?? {};
      return buildOnRig(build, bases);
    });
    // A build in parallel tells its steps in any order.
    assert.deepEqual([...ran].sort(), [...expectedRuns(edit)].sort());
  }

  async function buildOnRig(build: ReplayedBuild, bases: RealBases): Promise<readonly StepState[]> {
    const { port } = server.address() as AddressInfo; // it listens on TCP
    const text = build.dockerfile
      .replaceAll('{origin}', `http://127.0.0.1:${port}`)
      .replace(/^(\s*RUN (?:.*")?)find(?= )/im, '$1find-first');
    const dockerfile = await withBases(text, build.base, bases);
    const network = build.options.network === 'default' ? 'none' : build.options.network;
    const bytes = Buffer.from(build.secret ?? '');
    const { steps } = await rig.build(dockerfile, await filesOf(build.context), {
      options: { ...build.options, network },
      secrets: build.secret === undefined ? new Map() : new Map(['s', 's1', 's2'].map((id) => [id, bytes])),
    });
    return steps.map((step) => {
      const [line = '', state = ''] = step.split(' ');
      return { line: Number(line), state };
    });
  }
});

/** `FROM base` is the image until a stage has the name. */
async function withBases(text: string, base: ReplayedBuild['base'], bases: RealBases): Promise<string> {
  const id = await bases.nameOf(base);
  const again = await bases.nameOf('again');
  const hasStage = /^\s*FROM \S+ AS base\b/im.test(text);
  const from = hasStage ? /^(\s*FROM )base( AS base\b)/im : /^(\s*FROM )base\b()/gim;
  return text.replace(from, `$1${id}$2`).replace(/^(\s*FROM )again\b/im, `$1${again}`);
}

async function filesOf(tree: FileTree): Promise<ContextFiles> {
  const files: Record<string, MemoryFile> = {};
  for (const entry of await tree.walk('')) {
    if (entry.path === '') continue;
    const { kind, mode, linkTarget, mtimeNs } = entry;
    const content = kind === 'file' ? await tree.read(entry.path, 1 << 20) : undefined;
    files[kind === 'dir' ? `${entry.path}/` : entry.path] = {
      mode,
      mtimeNs,
      ...(linkTarget === undefined ? {} : { linkTarget }),
      ...(content === undefined ? {} : { content }),
    };
  }
  return files;
}
