/** Random copies into random layers: written without a mount they leave what the kernel leaves when they are written through one. Needs root. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';

import type { CopySelection } from '../../../core/build/cache-record.ts';
import { landSelection } from '../../../core/build/requests.ts';
import type { TarEntry } from '../../../core/tar/entry.ts';
import { readTar } from '../../../local/tar/reader.ts';
import type { Placement } from '../../../runtime/build/place-base.ts';
import { placeFiles, placeInMounted } from '../../../runtime/build/place-files.ts';
import { Workspace } from '../../../runtime/build/workspace.ts';
import { mountPointsBelow, unmountIfMounted } from '../../../runtime/host/overlay-mount.ts';
import { OverlaySnapshotter } from '../../../runtime/snapshots/overlay.ts';
import { MetadataStore } from '../../../runtime/store/metadata.ts';
import { tarOf } from '../snapshotter-suite.ts';
import { listing } from '../tree-listing.ts';

const numRuns = process.env['NARU_TEST_FULL'] === undefined ? 80 : 5000;

const name = fc.constantFrom('a', 'b', 'c', '\udcff');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const linkTarget = fc.oneof(path, fc.constantFrom('..', '/', '/a', '../b', 'nowhere'));
const mode = fc.constantFrom(0o644, 0o755, 0o2775, 0o4755, 0o600);
const member: fc.Arbitrary<Partial<TarEntry>> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ path, kind: fc.constant('dir' as const), mode, gid: fc.constantFrom(0, 9) }),
  },
  { weight: 1, arbitrary: fc.record({ path, kind: fc.constant('symlink' as const), linkTarget }) },
  { weight: 1, arbitrary: fc.record({ path, kind: fc.constant('fifo' as const), mode }) },
);
const file = fc.tuple(path, fc.constantFrom('', '1', 'content')).map(([at, text]) => `${at}:${text}`);
const whiteout = path.map((at) => `${at.replace(/[^/]*$/, '')}.wh.${at.slice(at.lastIndexOf('/') + 1)}:`);
const lower = fc.array(fc.oneof(member, file), { maxLength: 10 });
const upper = fc.array(fc.oneof(member, file, whiteout), { maxLength: 6 });

const copy = fc.record({
  selection: fc.record<CopySelection>({
    kind: fc.constant('copy'),
    sources: fc.array(fc.oneof(path, fc.constantFrom('/', '*')), { minLength: 1, maxLength: 2 }),
    destination: fc.oneof(
      { weight: 3, arbitrary: path.map((at) => `/${at}`) },
      fc.constantFrom('/', '/new/deep'),
    ),
    isDestinationDirectory: fc.boolean(),
    excludes: fc.constant([]),
    keepsParents: fc.boolean(),
  }),
  timeNs: fc.constantFrom(undefined, 5_000_000_001n),
  replacesOthers: fc.boolean(),
});

describe('random copies', () => {
  let directory = '';
  let metadata: MetadataStore;
  let snapshots: OverlaySnapshotter;
  let nNames = 0;
  before(() => {
    directory = fs.mkdtempSync(join(tmpdir(), 'naru-placements-'));
    metadata = new MetadataStore(join(directory, 'naru.db'));
    snapshots = new OverlaySnapshotter({
      root: join(directory, 'snapshots'),
      metadata,
      isRootless: false,
      linksFrom: 1,
    });
  });
  after(async () => {
    await snapshots.close();
    metadata.close();
    for (const point of mountPointsBelow(directory)) unmountIfMounted(point);
    fs.rmSync(directory, { recursive: true });
  });

  async function apply(
    parent: string | undefined,
    members: readonly (string | Partial<TarEntry>)[],
  ): Promise<string> {
    const own = `layer-${(nNames += 1)}`;
    try {
      await snapshots.applyLayer(own, parent, tarOf(...members));
    } catch {
      await snapshots.applyLayer(own, parent, tarOf()); // random members may contradict each other
    }
    return own;
  }

  async function shown(committed: string): Promise<readonly unknown[]> {
    const view = `view-${committed}`;
    await snapshots.view(view, committed);
    const found = listing(await snapshots.mount(view)).map(({ linkedTo, mtimeNs, ...rest }) => ({
      ...rest,
      // What another layer shows as well is no hard link of this one.
      linkedTo: linkedTo === rest.path ? '' : linkedTo,
      mtimeNs: masked(mtimeNs),
    }));
    await snapshots.remove(view);
    return found;
  }

  async function exported(committed: string): Promise<readonly unknown[]> {
    const members: unknown[] = [];
    for await (const { entry } of readTar(snapshots.exportLayer(committed)))
      members.push({ ...entry, mtimeNs: masked(entry.mtimeNs) });
    return members;
  }

  /** A message in place of a snapshot's name. */
  async function place(
    parent: string,
    placements: readonly Omit<Placement, 'root'>[],
    write: (key: string, placement: Omit<Placement, 'root'>) => Promise<unknown>,
  ): Promise<{ readonly name: string } | { readonly failed: string }> {
    const [key, own] = [`key-${(nNames += 1)}`, `placed-${nNames}`];
    await snapshots.prepare(key, parent);
    try {
      for (const placement of placements) await write(key, placement);
    } catch (error) {
      await snapshots.remove(key);
      const code = error instanceof Error && 'code' in error ? error.code : error;
      return { failed: String(code) };
    }
    await snapshots.commit(key, own);
    return { name: own };
  }

  it('leave the same', async () => {
    const property = fc.asyncProperty(
      lower,
      lower,
      upper,
      fc.array(copy, { minLength: 1, maxLength: 3 }),
      check,
    );
    await fc.assert(property, { numRuns });
  }).timeout(numRuns * 5000);

  it('take away what a socket comes to, and put nothing in its place', async () => {
    await snapshots.prepare('key-socket', undefined);
    const server = createServer().listen(join(await snapshots.mount('key-socket'), 'a'));
    await once(server, 'listening');
    await snapshots.commit('key-socket', 'socket');
    const parent = await apply(undefined, ['a:1', 'b:2']);
    const tree = await new Workspace(snapshots, () => undefined).tree('socket');
    const { landed } = await landSelection(tree, { kind: 'tree', path: '' });
    const placements = [{ destination: '/', landed, tree }];
    const direct = await place(parent, placements, async (key, placement) =>
      placeFiles({ ...placement, root: await snapshots.layerRoot(key) }),
    );
    const mounted = await place(parent, placements, async (key, placement) =>
      placeInMounted(await snapshots.mount(key), placement),
    );
    server.close();
    assert.ok('name' in direct && 'name' in mounted);
    const paths = (await (await snapshots.tree(direct.name)).walk('')).map(({ path: at }) => at);
    assert.deepEqual(paths, ['', 'b']);
    assert.deepEqual(await shown(direct.name), await shown(mounted.name));
  });

  async function check(
    source: Parameters<typeof apply>[1],
    below: Parameters<typeof apply>[1],
    above: Parameters<typeof apply>[1],
    copies: readonly {
      readonly selection: CopySelection;
      readonly timeNs: bigint | undefined;
      readonly replacesOthers: boolean;
    }[],
  ): Promise<void> {
    const from = await apply(undefined, source);
    const under = await apply(undefined, below);
    const parent = await apply(under, above);
    const before = await shown(from);
    const tree = await new Workspace(snapshots, () => undefined).tree(from);
    const placements: Omit<Placement, 'root'>[] = [];
    for (const { selection, timeNs, replacesOthers } of copies) {
      const { landed } = await landSelection(tree, selection);
      const { destination } = selection;
      placements.push({
        destination,
        landed,
        tree,
        replacesOthers,
        ...(timeNs === undefined ? {} : { timeNs }),
      });
    }
    const direct = await place(parent, placements, async (key, placement) =>
      placeFiles({ ...placement, root: await snapshots.layerRoot(key) }),
    );
    const mounted = await place(parent, placements, async (key, placement) =>
      placeInMounted(await snapshots.mount(key), placement),
    );
    if ('failed' in direct || 'failed' in mounted) {
      assert.deepEqual(direct, mounted);
    } else {
      assert.deepEqual(await shown(direct.name), await shown(mounted.name));
      assert.deepEqual(await exported(direct.name), await exported(mounted.name));
      assert.equal(await snapshots.usageBytes(direct.name), await snapshots.usageBytes(mounted.name));
      for (const { name: own } of [direct, mounted]) await snapshots.remove(own);
    }
    assert.deepEqual(await shown(from), before, 'the source is as it was');
    for (const own of [parent, under, from]) await snapshots.remove(own);
  }
});

/** Directories that something was made in have the time of that. */
function masked(mtimeNs: bigint): bigint | 'now' {
  return mtimeNs > 1_600_000_000_000_000_000n ? 'now' : mtimeNs;
}
