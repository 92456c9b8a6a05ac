/**
 * Random projects and one edit of each, on a real builder: the cached build equals one without a cache, file by file; times of what commands wrote aside.
 * `npm test` tries 150, the full run 1,500; the kinds of edits take turns, so that each is made as often as the others.
 */

import assert from 'node:assert/strict';

import fc from 'fast-check';

import { contextTree } from '../../../core/context/context-tree.ts';
import type { FileTree } from '../../../core/context/file-tree.ts';
import { readIgnoreFile } from '../../../core/context/ignore.ts';
import { type MemoryFile, memoryTree } from '../../../core/context/memory-tree.ts';
import { NaruError } from '../../../core/errors.ts';
import { EDIT_KINDS, readyFor, type Situation } from '../../fuzz/build/edit-kinds.ts';
import { EditHistogram, situation } from '../../fuzz/build/histories.ts';
import { randomBuildOptions } from '../../fuzz/build/random-options.ts';
import { dockerfileText } from '../../fuzz/build/random-project.ts';
import { requireRoot } from '../../support/skip.ts';
import { RealBases } from './real-bases.ts';
import { type ContextFiles, makeRig, PLATFORM, type Rig } from './rig.ts';

const N_PAIRS = Number(
  process.env['NARU_BUILD_PAIRS'] ?? (process.env['NARU_TEST_FULL'] === undefined ? '150' : '1500'),
);

/** Projects to choose from for one pair. */
const N_CANDIDATES = 12;

/** Told apart in memory; on a builder each would only repeat what the kind beside it shows. */
const IN_MEMORY_ONLY: ReadonlySet<string> = new Set([
  'a comment in the ignore file',
  'blank lines',
  'keywords in lower case',
  'ENV in the old form',
  'a directory in other letters',
  '--label',
  '--build-arg that no ARG takes',
  'one more exception',
  'COPY of another spelling',
]);

/** What a project came to: the image's files, or the words of the failure. */
type Outcome = readonly string[] | { readonly failure: string };

describe(`${N_PAIRS} random projects on a real builder`, function () {
  this.timeout(60_000);
  const kinds = Object.keys(EDIT_KINDS).filter((kind) => !IN_MEMORY_ONLY.has(kind));
  const histogram = new EditHistogram();
  let rig: Rig;
  let nBuilt = 0;

  before(async function () {
    requireRoot(this);
    rig = await makeRig();
  });
  after(async function () {
    this.timeout(300_000); // what 3,000 builds left is removed
    if (rig === undefined) return;
    histogram.print();
    process.stdout.write(`${nBuilt} of ${N_PAIRS} edited projects gave an image, the others a failure\n`);
    await rig.close();
  });

  const { seed } = fc.readConfigureGlobal();
  const candidates = fc.sample(fc.tuple(situation, fc.nat(999)), {
    numRuns: N_PAIRS * N_CANDIDATES,
    ...(seed === undefined ? {} : { seed }),
  });
  for (let index = 0; index < N_PAIRS; index += 1) {
    const kind = kinds[index % kinds.length] ?? '';
    it(`${index + 1}: ${kind}`, async () => {
      const bases = new RealBases(rig, `pair ${index}`);
      const own = candidates.slice(index * N_CANDIDATES, (index + 1) * N_CANDIDATES);
      const [ready, at] = await firstThatBuilds(rig, bases, kind, own);
      const edited = histogram.apply(ready, { kind, at }) ?? ready;
      const cached = await outcomeOf(rig, bases, edited);
      const clean = await outcomeOf(rig, bases, { ...edited, options: { ...edited.options, noCache: true } });
      // Of two steps that fail side by side, which one is met first is chance.
      const areBothRefused = 'failure' in cached && 'failure' in clean;
      if (!areBothRefused) assert.deepEqual(cached, clean, await dockerfileOf(bases, edited));
      if (!('failure' in cached)) nBuilt += 1;
    });
  }

  it('with at least 20 edits of each of 40 kinds when all are tried', function () {
    if (N_PAIRS < 1500) return;
    const often = histogram.counts().filter(([, count]) => count >= 20);
    assert.ok(often.length >= 40, `${often.length} kinds`);
  });
});

/** Many random projects copy what is not there: those are tried only when there is no better one. */
async function firstThatBuilds(
  rig: Rig,
  bases: RealBases,
  kind: string,
  candidates: readonly (readonly [Situation, number])[],
): Promise<readonly [Situation, number]> {
  let last: readonly [Situation, number] | undefined;
  for (const [first, at] of candidates) {
    const ready = readyFor(kind, first, at);
    if (EDIT_KINDS[kind]?.(ready, at) === undefined) continue;
    last = [ready, at];
    if (!('failure' in (await outcomeOf(rig, bases, ready)))) break;
  }
  assert.ok(last, `${kind} applies to none of ${candidates.length} projects`);
  return last;
}

async function outcomeOf(rig: Rig, bases: RealBases, now: Situation): Promise<Outcome> {
  const { network, ...options } = randomBuildOptions(now, PLATFORM);
  try {
    const { tree } = await rig.build(await dockerfileOf(bases, now), await contextOf(now), {
      options: { ...options, network: network === 'default' ? 'none' : network },
    });
    return await listingOf(tree);
  } catch (error) {
    // A random project may ask for what cannot be built; an internal error is a finding.
    if (!(error instanceof NaruError) || error.kind === 'internal') throw error;
    return { failure: error.message };
  }
}

async function dockerfileOf(bases: RealBases, { project, options }: Situation): Promise<string> {
  const base = await bases.nameOf(options.base);
  const other = await bases.nameOf('other');
  return dockerfileText(project, base)
    .replace(/^(from )scratch\b/gim, `$1${base}`)
    .replaceAll('from=other', `from=${other}`)
    .replace(/^(run )find /gim, '$1find-first ');
}

/** What is not ignored. */
async function contextOf({ project }: Situation): Promise<ContextFiles> {
  const tree = contextTree(memoryTree(project.files), readIgnoreFile(project.ignore).value.matcher);
  const files: Record<string, MemoryFile> = {};
  for (const { path, kind, mode, uid, gid, mtimeNs, linkTarget } of await tree.walk('')) {
    const content = kind === 'file' ? await tree.read(path, 1 << 20) : undefined;
    if (path === '') continue;
    files[kind === 'dir' ? `${path}/` : path] = {
      mode,
      uid,
      gid,
      mtimeNs,
      ...(linkTarget === undefined ? {} : { linkTarget }),
      ...(content === undefined ? {} : { content }),
    };
  }
  return files;
}

/** Without the programs, which no step changes. */
async function listingOf(tree: FileTree): Promise<readonly string[]> {
  const entries = (await tree.walk('')).filter(({ path }) => !/^(?:s?bin|usr)\//.test(path));
  const digests = await tree.digests(entries.filter(({ kind }) => kind === 'file').map(({ path }) => path));
  let nth = 0;
  return entries.map(({ path, kind, mode, uid, gid, linkTarget = '' }) => {
    const digest = kind === 'file' ? digests[nth++] : '';
    return `${path} ${kind} ${mode.toString(8)} ${uid}:${gid} ${linkTarget}${digest}`;
  });
}
