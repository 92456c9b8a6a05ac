/** Random archives, hostile more often than not, over a random layer: refused, or extracted inside, given back exactly, shown alike with and without mounting. Needs root. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';

import { isErrorKind } from '../../../core/errors.ts';
import type { TarEntry, TarEntryKind } from '../../../core/tar/entry.ts';
import { mountPointsBelow, unmountIfMounted } from '../../../runtime/host/overlay-mount.ts';
import { OverlaySnapshotter } from '../../../runtime/snapshots/overlay.ts';
import { MetadataStore } from '../../../runtime/store/metadata.ts';
import { bytesOf, tarOf } from '../snapshotter-suite.ts';
import { listing } from '../tree-listing.ts';

const numRuns = process.env['NARU_TEST_FULL'] === undefined ? 60 : 3000;
const OUTSIDE = fs.mkdtempSync(join(tmpdir(), 'naru-outside-'));

const part = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom('a', 'b', 'c', 'd') },
  { weight: 2, arbitrary: fc.constantFrom('.wh.a', '.wh.b', '.wh..wh..opq', '.') },
  { weight: 1, arbitrary: fc.constantFrom('..', '.wh.', '.wh...', '.wh..wh.plnk', '\udcff') },
);
const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const target = fc.oneof(
  { weight: 6, arbitrary: path },
  { weight: 1, arbitrary: fc.constantFrom('..', '../..', '/', '.', OUTSIDE, `../../../../../..${OUTSIDE}`) },
);
const kinds: TarEntryKind[] = ['file', 'file', 'dir', 'dir', 'symlink', 'hardlink', 'fifo'];
const member: fc.Arbitrary<Partial<TarEntry>> = fc
  .record({ path, kind: fc.constantFrom(...kinds), target, mode: fc.constantFrom(0o644, 0o755, 0o7777) })
  .map(({ target: linkTarget, kind, ...rest }) => ({
    ...rest,
    kind,
    ...(kind === 'symlink' || kind === 'hardlink' ? { linkTarget } : {}),
  }));
const content = fc.tuple(path, fc.constantFrom('1', 'content')).map(([name, text]) => `${name}:${text}`);
const members = fc.array(fc.oneof(member, content), { maxLength: 12 });

describe('random layers', () => {
  let directory = '';
  let metadata: MetadataStore;
  let snapshots: OverlaySnapshotter;
  let nLayers = 0;
  before(() => {
    directory = fs.mkdtempSync(join(tmpdir(), 'naru-random-'));
    metadata = new MetadataStore(join(directory, 'naru.db'));
    snapshots = new OverlaySnapshotter({ root: join(directory, 'snapshots'), metadata, isRootless: false });
  });
  after(async () => {
    await snapshots.close();
    metadata.close();
    for (const point of mountPointsBelow(directory)) unmountIfMounted(point);
    fs.rmSync(directory, { recursive: true });
    fs.rmSync(OUTSIDE, { recursive: true });
  });

  /** Undefined when the archive was refused. */
  async function apply(
    parent: string | undefined,
    given: readonly (string | Partial<TarEntry>)[],
  ): Promise<string | undefined> {
    nLayers += 1;
    const name = `layer-${nLayers}`;
    const bytes = await bytesOf(tarOf(...given));
    try {
      await snapshots.applyLayer(name, parent, Readable.from([bytes]));
    } catch (error) {
      assert.ok(isErrorKind(error, 'invalid-argument'), error instanceof Error ? (error.stack ?? '') : '');
      return undefined;
    }
    assert.ok((await bytesOf(snapshots.exportLayer(name))).equals(bytes), 'exact bytes');
    return name;
  }

  async function checkShown(name: string): Promise<void> {
    const view = `view-${name}`;
    await snapshots.view(view, name);
    const mounted = listing(await snapshots.mount(view)).map(({ path: at, mode, size }) => [at, mode, size]);
    await snapshots.remove(view);
    const walked = await (await snapshots.tree(name)).walk('');
    assert.deepEqual(
      walked.map(({ path: at, mode, sizeBytes }) => [at, mode, sizeBytes]),
      mounted,
    );
  }

  /** What a snapshot shows survives its own canonical tar. */
  async function checkCanonical(name: string): Promise<void> {
    const [key, built, copy] = [`key-${name}`, `built-${name}`, `copy-${name}`];
    await snapshots.prepare(key, name);
    const root = await snapshots.mount(key);
    for (const entry of fs.readdirSync(root))
      if (entry < 'c') fs.rmSync(join(root, entry), { recursive: true });
    fs.mkdirSync(join(root, 'a'));
    await snapshots.commit(key, built);
    await snapshots.applyLayer(copy, name, snapshots.exportLayer(built));
    const shown = await Promise.all(
      [built, copy].map(async (one) => (await (await snapshots.tree(one)).walk('')).slice(1)),
    );
    assert.deepEqual(shown[1], shown[0]);
    await checkShown(copy);
    for (const one of [copy, built]) await snapshots.remove(one);
  }

  it('are refused, or extracted inside and given back', async () => {
    const property = fc.asyncProperty(members, members, async (lower, upper) => {
      const below = await apply(undefined, lower);
      const top = await apply(below, upper);
      for (const name of [below, top]) if (name !== undefined) await checkShown(name);
      if (top !== undefined) await checkCanonical(top);
      assert.deepEqual(fs.readdirSync(OUTSIDE), []);
      assert.ok(fs.readdirSync('/proc/self/fd').length < 200, 'no descriptor is left open');
      for (const name of [top, below]) if (name !== undefined) await snapshots.remove(name);
    });
    await fc.assert(property, { numRuns });
  }).timeout(numRuns * 1000);
});
