/** Makes and removes snapshots until it is killed; prints a line per change. Started by overlay.test.ts. */

import * as fs from 'node:fs';
import { join } from 'node:path';

import { landSelection } from '../../../core/build/requests.ts';
import { placeFiles } from '../../../runtime/build/place-files.ts';
import { Workspace } from '../../../runtime/build/workspace.ts';
import type { LayerRoot } from '../../../runtime/snapshots/layer-root.ts';
import { OverlaySnapshotter } from '../../../runtime/snapshots/overlay.ts';
import { MetadataStore } from '../../../runtime/store/metadata.ts';
import { tarOf } from '../snapshotter-suite.ts';

await churn(process.argv[2] ?? '');

/** The files of a committed snapshot, as COPY --from takes them. */
async function linkInto(root: LayerRoot, snapshots: OverlaySnapshotter, from: string): Promise<void> {
  const tree = await new Workspace(snapshots, () => undefined).tree(from);
  const { landed } = await landSelection(tree, { kind: 'tree', path: '' });
  await placeFiles({ root, destination: '/', landed, tree });
}

async function churn(directory: string): Promise<void> {
  const metadata = new MetadataStore(join(directory, 'naru.db'));
  const snapshots = new OverlaySnapshotter({
    root: join(directory, 'snapshots'),
    metadata,
    isRootless: false,
  });
  await snapshots.recover(() => false);
  const start = metadata.nextNumber('churn');
  for (let n = 0; ; n += 1) {
    const id = `${start}-${n}`;
    await snapshots.applyLayer(`applied-${id}`, undefined, tarOf('a/', 'a/x:1', 'b:2'));
    await snapshots.prepare(`key-${id}`, `applied-${id}`);
    fs.writeFileSync(join(await snapshots.mount(`key-${id}`), 'new'), id);
    console.log('mounted');
    await snapshots.commit(`key-${id}`, `built-${id}`);
    await snapshots.prepare(`linking-${id}`, undefined);
    await snapshots.layerRoot(`linking-${id}`).then((root) => linkInto(root, snapshots, `applied-${id}`));
    await snapshots.commit(`linking-${id}`, `linked-${id}`);
    await snapshots.layerInfo(`built-${id}`);
    if (n % 2 === 1) await snapshots.remove(`built-${id}`);
    console.log('changed');
  }
}
