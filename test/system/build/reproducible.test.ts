/**
 * SOURCE_DATE_EPOCH: the same input gives the same image on two engines at different times.
 * Files are dated as by BuildKit's `rewrite-timestamp=true` (dockerd 28.5.2, measured): newer ones get the epoch, older ones and those of the base image stay.
 */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';

import type { FileTree } from '../../../core/context/file-tree.ts';
import { until } from '../../support/until.ts';
import { type ContextFiles, makeRig, type Rig } from './rig.ts';

const EPOCH = 1_000_000_000;
const DATE = '2001-09-09T01:46:40.000Z';

const DOCKERFILE = `FROM busybox AS gen
WORKDIR /gen/deep
RUN echo made > made && ln made hard && ln -s made soft && mkfifo pipe
FROM busybox
WORKDIR /w
RUN echo a > a && mkdir d && echo b > d/b && touch -d '2001-01-01 00:00:00' old && rm -f /bin/vi && rm -r /root && mkdir /root && echo x > /root/x
COPY src /src
COPY <<EOF /heredoc
text
EOF
COPY --from=gen /gen /gen
COPY --link src/f /link/f
RUN touch /src/f && rm -r /w/d
LABEL a=b
CMD ["cat", "/w/a"]
`;
const CONTEXT: ContextFiles = { 'src/f': 'file', 'src/sub/g': 'other' };

describe('a reproducible build', function () {
  this.timeout(120_000);
  let one: Rig;
  let other: Rig;
  before(async () => {
    one = await makeRig();
    other = await makeRig();
    // Each rig makes a base of its own, with times of its own.
    await carry('busybox', one, other);
  });
  after(async () => {
    await one.close();
    await other.close();
  });

  /** Saves an image in one engine and loads it into the other. @returns its ids there */
  async function carry(name: string, from: Rig, to: Rig): Promise<readonly string[]> {
    const directory = fs.mkdtempSync(join(tmpdir(), 'naru-saved-'));
    try {
      const file = join(directory, 'image.tar');
      const { signal } = new AbortController();
      const out = fs.createWriteStream(file);
      await from.parts.images.save([name], out, signal);
      await finished(out.end());
      const loaded = await to.parts.images.load(fs.createReadStream(file), () => undefined, signal);
      return loaded.map(({ id }) => id);
    } finally {
      fs.rmSync(directory, { recursive: true });
    }
  }

  async function saved(name: string, from: Rig): Promise<Buffer> {
    const chunks: Buffer[] = [];
    const out = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        chunks.push(chunk);
        done();
      },
    });
    await from.parts.images.save([name], out, new AbortController().signal);
    return Buffer.concat(chunks);
  }

  async function seconds(tree: FileTree, path: string): Promise<number> {
    const entry = await tree.stat(path);
    assert.ok(entry, path);
    return Number(entry.mtimeNs / 1_000_000_000n);
  }

  it('is the same image on two engines at different times', async () => {
    const options = { sourceDateEpoch: EPOCH };
    const first = await one.build(DOCKERFILE, CONTEXT, { options });
    const builtAt = Math.floor(Date.now() / 1000);
    await until('another second', () => Math.floor(Date.now() / 1000) > builtAt);
    const second = await other.build(DOCKERFILE, CONTEXT, { options });
    assert.ok(second.steps.includes('6 RUN'));
    assert.equal(second.image.id, first.image.id);
    assert.deepEqual(second.image.config, first.image.config);

    const kept = { sourceDateEpoch: EPOCH, keepsFileTimes: true };
    const asMade = await one.build(DOCKERFILE, CONTEXT, { options: kept });
    assert.notEqual(asMade.image.id, first.image.id, 'times do differ where they are left');
    assert.ok((await seconds(asMade.tree, 'w/a')) > EPOCH);
    assert.equal(asMade.image.config.created, DATE);
  });

  it('dates what is newer, and nothing else', async () => {
    const { tree, image } = await one.build(DOCKERFILE, CONTEXT, { options: { sourceDateEpoch: EPOCH } });
    for (const path of [
      'w',
      'w/a',
      'root',
      'root/x',
      'src',
      'src/f',
      'src/sub/g',
      'heredoc',
      'gen/deep/made',
      'link/f',
    ])
      assert.equal(await seconds(tree, path), EPOCH, path);
    assert.equal(await seconds(tree, 'gen/deep/soft'), EPOCH);
    assert.equal(await seconds(tree, 'w/old'), Date.parse('2001-01-01T00:00:00Z') / 1000);
    assert.ok((await seconds(tree, 'bin/busybox')) > EPOCH, 'the base image stays as it is');
    assert.equal(await tree.stat('bin/vi'), undefined);
    assert.equal(image.config.created, DATE);
    assert.ok(image.config.history?.every(({ created }) => created === DATE));
  });

  it('is the same image after save and load', async () => {
    const { image } = await one.build(DOCKERFILE, CONTEXT, { options: { sourceDateEpoch: EPOCH } });
    assert.deepEqual(await carry(image.id, one, other), [image.id]);
    assert.ok((await saved(image.id, other)).equals(await saved(image.id, one)), 'byte for byte');
  });

  it('runs what BuildKit runs for another date, and all of it only where files get the date', async () => {
    const dockerfile = 'FROM busybox\nCOPY src /s\nRUN true\nWORKDIR /made\nRUN : ;\n';
    const builtAt = async (sourceDateEpoch: number, keepsFileTimes: boolean) =>
      (await one.build(dockerfile, CONTEXT, { options: { sourceDateEpoch, keepsFileTimes } })).steps;
    await builtAt(EPOCH, true);
    // 28.5.2 has COPY, ADD and RUN cached, and runs WORKDIR again with what stands on it.
    assert.deepEqual(await builtAt(EPOCH + 1, true), ['1 CACHED', '2 CACHED', '3 CACHED', '4 RUN', '5 RUN']);
    await builtAt(EPOCH, false);
    assert.deepEqual(await builtAt(EPOCH + 1, false), ['1 CACHED', '2 RUN', '3 RUN', '4 RUN', '5 RUN']);
  });

  it('goes on from the cache when a command that ran again wrote the same', async () => {
    const dockerfile = (command: string): string =>
      `FROM busybox\nRUN ${command}; echo same > /out\nRUN cat /out\n`;
    const options = { sourceDateEpoch: EPOCH };
    await one.build(dockerfile('true'), {}, { options });
    const { steps } = await one.build(dockerfile(':'), {}, { options });
    assert.deepEqual(steps, ['1 CACHED', '2 RUN', '3 CACHED']);
  });
});
