/** An engine that looks at a directory in a client's place: where it may, and that it sees what the client would. */

import assert from 'node:assert/strict';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openContextDirectory } from '../../../local/context-directory.ts';
import { fileView } from '../../../local/file-view.ts';
import { contextLook } from '../../../runtime/api/naru/context-look.ts';
import { ContextLooks, LOOK_THREAD } from '../../../runtime/build/context-looks.ts';
import { hangingMount, type HangingMount } from '../../support/hanging-mount.ts';
import { requireRoot, skipBecause } from '../../support/skip.ts';
import { until } from '../../support/until.ts';

/** Takes a while to look at. */
const LARGE = realpathSync(join(import.meta.dirname, '../../../node_modules'));

describe('context looks', function () {
  this.timeout(20_000);
  const looks = new ContextLooks();
  const view = fileView() ?? '';
  const { signal } = new AbortController();
  let directory = '';
  before(function () {
    if (process.platform !== 'linux') skipBecause(this, 'only Linux says which files a process sees');
  });
  beforeEach(() => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'naru-looks-')));
    mkdirSync(join(directory, 'src'));
    for (const name of ['a', 'src/b', 'src/c']) writeFileSync(join(directory, name), name);
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  after(() => looks.close());

  /** What a client sees for itself. */
  async function ownLook(): Promise<unknown> {
    const env = { XDG_CACHE_HOME: join(directory, '../naru-looks-no-cache') };
    const { tree } = await openContextDirectory(directory, { env });
    const scan = await tree.scan?.();
    return { seen: { fingerprint: scan?.fingerprint(), nEntries: scan?.nEntries } };
  }

  it('see what the client sees, also after a change that keeps size and time', async () => {
    assert.deepEqual(await looks.look({ view, directory }, signal), await ownLook());
    const { atime, mtime } = lstatSync(join(directory, 'src/b'));
    const before = await looks.look({ view, directory }, signal);
    writeFileSync(join(directory, 'src/b'), 'SRC/B');
    utimesSync(join(directory, 'src/b'), atime, mtime);
    const changed = await looks.look({ view, directory }, signal);
    assert.notDeepEqual(changed, before);
    assert.deepEqual(changed, await ownLook());
  });

  it('are refused to who sees other files', async () => {
    const [boot, mounts, root] = view.split(' ');
    assert.ok(boot !== undefined && mounts !== undefined && root !== undefined);
    for (const other of ['', `${boot} mnt:[1] ${root}`, `x ${mounts} ${root}`, `${boot} ${mounts} 1:2`])
      assert.deepEqual(await looks.look({ view: other, directory }, signal), {});
  });

  it('say nothing of what is no directory', async () => {
    for (const path of [join(directory, 'a'), join(directory, 'nowhere'), 'src', ''])
      assert.deepEqual(await looks.look({ view, directory: path }, signal), {}, path);
  });

  it('answer several at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => looks.look({ view, directory }, signal)),
    );
    const own = await ownLook();
    for (const answer of answers) assert.deepEqual(answer, own);
  });

  it('say nothing once they are closed, also to who waits', async () => {
    const closing = new ContextLooks();
    const waiting = closing.look({ view, directory }, signal);
    await closing.close();
    assert.deepEqual(await waiting, {});
    assert.deepEqual(await closing.look({ view, directory }, signal), {});
  });

  describe('that are called off', () => {
    let starting = new ContextLooks();
    // Its thread is still starting when a look is called off, and then some way from the end.
    beforeEach(() => (starting = new ContextLooks()));
    afterEach(() => starting.close());

    it('stop, and leave those of others alone', async () => {
      const leaving = new AbortController();
      const gone = Array.from({ length: 3 }, () => starting.look({ view, directory: LARGE }, leaving.signal));
      const other = starting.look({ view, directory }, signal);
      leaving.abort();
      gone.push(starting.look({ view, directory: LARGE }, leaving.signal));
      assert.deepEqual(await Promise.all(gone), [{}, {}, {}, {}]);
      assert.deepEqual(await other, await ownLook());
    });

    it('stop when they are half done', async () => {
      const leaving = new AbortController();
      const own = await ownLook();
      const gone = [1, 2, 3].map(() => starting.look({ view, directory: LARGE }, leaving.signal));
      // The thread took all of them up when it answers this one.
      assert.deepEqual(await starting.look({ view, directory }, signal), own);
      leaving.abort();
      assert.deepEqual(await Promise.all(gone), [{}, {}, {}]);
    });

    it('stop when the request they are for is closed', async () => {
      const leaving = new AbortController();
      const request = { json: async () => ({ view, directory: LARGE }), signal: leaving.signal };
      // Of a request and of the engine's parts the endpoint uses nothing else.
      type Handled = Parameters<typeof contextLook.handle>;
      const parts = { builds: { looks: starting } } as Handled[1];
      const answer = contextLook.handle(request as unknown as Handled[0], parts);
      await Promise.resolve();
      leaving.abort();
      assert.deepEqual(await answer, { kind: 'json', status: 200, body: {} });
    });
  });

  describe('at a file system that does not answer', () => {
    let hanging: HangingMount;
    before(function () {
      requireRoot(this);
    });
    beforeEach(() => (hanging = hangingMount()));
    afterEach(() => hanging.remove());

    it("are in nobody else's way, and end with their client", async () => {
      const brief = new ContextLooks({ hangMs: 2000 });
      const leaving = new AbortController();
      const calledOff = new AbortController();
      const first = brief.look({ view, directory: hanging.directory }, calledOff.signal);
      calledOff.abort();
      const waiting = brief.look({ view, directory: hanging.directory }, leaving.signal);
      await until('the thread is given up', () => brief.isHanging);
      assert.deepEqual(await first, {});
      assert.deepEqual(await brief.look({ view, directory }, signal), await ownLook());
      leaving.abort();
      assert.deepEqual(await waiting, {});
      hanging.answer();
      await until('the thread has ended', () => !brief.isHanging);
      await brief.close();
    });

    it('say nothing where several wait for the same thread', async () => {
      const brief = new ContextLooks({ hangMs: 2000 });
      const looks = [1, 2].map(() => brief.look({ view, directory: hanging.directory }, signal));
      assert.deepEqual(await Promise.all(looks), [{}, {}]);
      await brief.close();
    });

    it('go on when it answers after all', async () => {
      const brief = new ContextLooks({ hangMs: 2000 });
      const waiting = brief.look({ view, directory: hanging.directory }, signal);
      await until('the thread is given up', () => brief.isHanging);
      hanging.answer();
      assert.deepEqual(await waiting, {}); // with an error: nothing is seen
      await brief.close();
    });

    it('keep nobody who closes waiting', async () => {
      const closing = new ContextLooks({ hangMs: 1_000_000 });
      const waiting = closing.look({ view, directory: hanging.directory }, signal);
      await until('the thread hangs', () => tasks().some((task) => /^\w*fuse/.test(readTask(task, 'wchan'))));
      await closing.close();
      assert.deepEqual(await waiting, {});
    });
  });

  it('say nothing of a tree that is too large', async () => {
    for (const [maxEntries, isSeen] of [
      [4, false],
      [5, true],
    ] as const) {
      const few = new ContextLooks({ maxEntries });
      assert.deepEqual(await few.look({ view, directory }, signal), isSeen ? await ownLook() : {});
      await few.close();
    }
  });

  it('say nothing at once when many are waiting', async () => {
    const few = new ContextLooks({ maxWaiting: 2 });
    const answers = await Promise.all(Array.from({ length: 4 }, () => few.look({ view, directory }, signal)));
    const own = await ownLook();
    assert.deepEqual(answers, [own, own, {}, {}]);
    assert.deepEqual(await few.look({ view, directory }, signal), own);
    await few.close();
  });

  it('keep their thread for the next one, and not for long', async () => {
    const brief = new ContextLooks({ idleMs: 200 });
    const nBefore = lookThreads();
    const own = await ownLook();
    for (let nth = 0; nth < 3; nth += 1) {
      const answers = await Promise.all([1, 2].map(() => brief.look({ view, directory }, signal)));
      assert.deepEqual(answers, [own, own]);
      assert.equal(lookThreads(), nBefore + 1);
      await until('the thread ends', () => lookThreads() === nBefore);
    }
    await brief.close();
  });

  /** Of this process. */
  function lookThreads(): number {
    return tasks().filter((task) => readTask(task, 'comm') === `${LOOK_THREAD}\n`).length;
  }
  function tasks(): readonly string[] {
    return readdirSync('/proc/self/task');
  }
  function readTask(task: string, name: string): string {
    return readFileSync(join('/proc/self/task', task, name), 'utf8');
  }
});
