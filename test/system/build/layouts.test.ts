/** Image layouts as named contexts: loaded into the engine for as long as somebody uses them. */

import assert from 'node:assert/strict';
import { Readable } from 'node:stream';

import { type LayoutOptions, openLayouts, type OpenLayouts } from '../../../client/cli/build/layouts.ts';
import { EngineConnection } from '../../../client/driver/engine/connection.ts';
import { importImage, listImages, removeImage, tagImage } from '../../../client/driver/engine/images.ts';
import { TRAILER_BYTES } from '../../../core/tar/encoder.ts';
import { unixConnect } from '../../../local/http/unix.ts';
import { imageLayout, platformsLayout } from '../../conformance/image-layout.ts';
import { type Project, writeProject } from '../../conformance/project.ts';
import { type EngineUnderTest, startEngine } from '../../support/engine.ts';
import { requireRoot } from '../../support/skip.ts';

const AMD64 = { os: 'linux', architecture: 'amd64' };

describe('image layouts of several builds at once', function () {
  this.timeout(60_000);
  let running: EngineUnderTest;
  let engine: EngineConnection;
  let project: Project;

  before(async function () {
    requireRoot(this);
    running = await startEngine();
    engine = await EngineConnection.open(unixConnect(running.socketPath));
    project = writeProject({ name: 'layouts', dockerfile: '', files: imageLayout('../layout') });
  });
  after(async () => {
    engine?.dispose();
    await running?.stop();
    project?.remove();
  });

  function load(signal = new AbortController().signal, more: readonly string[] = []): Promise<OpenLayouts> {
    const contexts = ['../layout', ...more].map((path, at) => [`x${at}`, `oci-layout://${path}`] as const);
    return loadAll(engine.boundTo(signal), new Map(contexts), {
      platform: AMD64,
      cwd: project.cwd,
      signal,
    });
  }

  /** IDs of all images. */
  async function images(): Promise<readonly string[]> {
    return (await listImages(engine)).map(({ id }) => id);
  }

  it('stay until the last of them has ended', async () => {
    const one = await load();
    const id = one.contexts.get('x0')?.replace('docker-image://', '') ?? '';
    const two = await load();
    assert.deepEqual(two.contexts, one.contexts);
    await one.remove();
    assert.deepEqual(await images(), [id]);
    await two.remove();
    assert.deepEqual(await images(), []);
  });

  it('stay when they were there before, with a name and without', async () => {
    const first = await load();
    const id = first.contexts.get('x0')?.replace('docker-image://', '') ?? '';
    await tagImage(engine, id, 'kept', '1');
    await first.remove();
    await (await load()).remove();
    const kept = async (): Promise<unknown> =>
      (await listImages(engine)).filter((image) => image.id === id).map(({ tags }) => tags);
    assert.deepEqual(await kept(), [['kept:1']]);
    const archive = Readable.from([Buffer.alloc(TRAILER_BYTES)]);
    await importImage(engine, archive, { repository: 'kept', tag: '1', changes: [] });
    assert.deepEqual(await kept(), [[]]);
    await (await load()).remove();
    assert.deepEqual(await kept(), [[]]);
    for (const image of await images()) await removeImage(engine, image);
  });

  it('of several platforms give the image for the one that is asked for', async () => {
    const { files, ids } = platformsLayout('../several');
    const there = writeProject({ name: 'several', dockerfile: '', files });
    const { signal } = new AbortController();
    const given = async (architecture: string, tag = ''): Promise<string | undefined> => {
      const options = { platform: { os: 'linux', architecture }, cwd: there.cwd, signal };
      const loaded = await loadAll(engine, new Map([['x', `oci-layout://../several${tag}`]]), options);
      await loaded.remove();
      return loaded.contexts.get('x')?.replace('docker-image://', '');
    };
    try {
      assert.deepEqual([await given('amd64'), await given('arm64')], ids);
      await assert.rejects(given('s390x'), /it has no image for linux\/s390x$/);
      assert.equal(await given('arm64', ':other'), ids[1], 'the only one, whatever it is called');
    } finally {
      there.remove();
    }
  });

  it('go when the build is interrupted, and when another one cannot be read', async () => {
    const controller = new AbortController();
    const loaded = await load(controller.signal);
    controller.abort();
    await loaded.remove();
    assert.deepEqual(await images(), []);
    await assert.rejects(load(undefined, ['../nope']), /could not be resolved/);
    await assert.rejects(load(undefined, ['../layout:nope']), /failed to resolve digest$/);
    assert.deepEqual(await images(), []);
  });

  it('go when the next engine starts, where the client was killed', async () => {
    const first = await startEngine();
    const connected = await EngineConnection.open(unixConnect(first.socketPath));
    const options = { platform: AMD64, cwd: project.cwd, signal: new AbortController().signal };
    const contexts = new Map(['latest', 'other'].map((tag) => [tag, `oci-layout://../layout:${tag}`]));
    const left = await loadAll(connected, contexts, options);
    const kept = left.contexts.get('other')?.replace('docker-image://', '') ?? '';
    await tagImage(connected, kept, 'naru-layout', 'mine');
    connected.dispose();
    await first.kill('SIGKILL');
    const next = await startEngine({ folder: first.folder });
    try {
      const again = await EngineConnection.open(unixConnect(next.socketPath));
      const there = (await listImages(again)).map(({ id, tags }) => [id, ...tags]);
      again.dispose();
      assert.deepEqual(there, [[kept, 'naru-layout:mine']]);
    } finally {
      await next.stop();
    }
  });
});

/** As for a build that uses all of them. */
async function loadAll(
  engine: EngineConnection,
  contexts: ReadonlyMap<string, string>,
  options: LayoutOptions,
): Promise<OpenLayouts> {
  const layouts = await openLayouts(engine, contexts, options);
  const images = [...layouts.contexts.values()].map((value) => value.replace('docker-image://', ''));
  await layouts.load(new Set(images));
  return layouts;
}
