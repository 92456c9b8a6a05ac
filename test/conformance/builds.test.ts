/**
 * Images we build, file by file and field by field, against what BuildKit of dockerd 28.5.2 made of the same Dockerfiles and context.
 * The recorded answers are our own measurements (goldens/builds.json); times are not compared. Needs root and the native tools.
 */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { FileEntry, FileTree } from '../../core/context/file-tree.ts';
import type { ImageRunConfig } from '../../core/oci/image-config.ts';
import { type ContextFiles, makeRig, type Rig } from '../system/build/rig.ts';

interface RecordedBuild {
  readonly name: string;
  readonly dockerfile: string;
  /** Path -> `kind mode uid:gid content`; what differs from the base image. */
  readonly files: Readonly<Record<string, string>>;
  /** Paths of the base image that are gone. */
  readonly removed: readonly string[];
  readonly config: ImageRunConfig;
  readonly history: readonly string[];
}

const CONTEXT: ContextFiles = {
  'a.txt': 'a',
  'src/b.txt': 'b',
  'src/sub/': { mode: 0o700 },
  'src/sub/c.sh': { content: '#!/bin/sh\n', mode: 0o4755 },
  'src/link': { linkTarget: 'b.txt' },
  'empty/': {},
};

const golden = readFileSync(join(import.meta.dirname, 'goldens/builds.json'), 'utf8');
const recorded: readonly RecordedBuild[] = JSON.parse(golden).cases;

describe('images like those of BuildKit 28.5.2', function () {
  this.timeout(60_000);
  let rig: Rig;
  before(async () => {
    rig = await makeRig();
  });
  after(() => rig.close());

  for (const one of recorded) {
    it(one.name, async () => {
      const { image, tree } = await rig.build(one.dockerfile, CONTEXT);
      const isOverBase = !one.dockerfile.includes('FROM scratch');
      const base = isOverBase
        ? await listing(await rig.snapshots.tree('busybox'))
        : new Map<string, string>();
      const own = await listing(tree);
      const files = Object.fromEntries(
        [...own].filter(([path, text]) => base.get(path) !== text && path !== ''),
      );
      const removed = [...base.keys()].filter((path) => !own.has(path));
      const history = (image.config.history ?? []).map((entry) => entry.created_by);
      const { config } = one;
      assert.deepEqual(
        { files, removed, config: withoutEmpty(image.config.config ?? {}), history },
        {
          files: one.files,
          removed: one.removed,
          config: withoutEmpty(config),
          history: one.history.map(withoutArgs),
        },
      );
    });
  }
});

/** Our history leaves values of ARG out of RUN. */
function withoutArgs(text: string): string {
  return text.replace(/^RUN \|\d+ (?:\w+=\S* )+/, 'RUN ');
}

function withoutEmpty(config: ImageRunConfig): Readonly<Record<string, unknown>> {
  const isEmpty = (value: unknown): boolean =>
    value === '' || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(config).filter(([, value]) => !isEmpty(value)));
}

async function listing(tree: FileTree): Promise<ReadonlyMap<string, string>> {
  const lines = new Map<string, string>();
  for (const entry of await tree.walk('')) lines.set(entry.path, await line(tree, entry));
  return lines;
}

async function line(tree: FileTree, entry: FileEntry): Promise<string> {
  const { path, kind, mode, uid, gid, linkTarget = '' } = entry;
  const bytes = kind === 'file' && path !== 'bin/sh' ? await tree.read(path, 100_000_000) : undefined;
  const content =
    bytes === undefined ? linkTarget : createHash('sha1').update(bytes).digest('hex').slice(0, 8);
  return `${kind} ${mode.toString(8)} ${uid}:${gid} ${content}`;
}
