/** Builds that want the same step at the same time. */

import assert from 'node:assert/strict';

import { makeRig, type Built, type Rig } from './rig.ts';

const ID = 'cat /proc/sys/kernel/random/uuid > /id';

describe('a step that several builds want at once', function () {
  this.timeout(60_000);
  let rig: Rig;
  before(async () => {
    rig = await makeRig();
  });
  after(async () => {
    await rig?.close();
  });

  /** Of builds, when the step of the first has begun. */
  async function whenBegun(
    dockerfile: string,
    options: { readonly noCache?: boolean; readonly signal?: AbortSignal },
    next: () => void,
  ): Promise<Built> {
    const { signal, noCache = false } = options;
    return rig.build(
      dockerfile,
      {},
      {
        options: { noCache },
        ...(signal === undefined ? {} : { signal }),
        onNews: (news) => {
          if (news.type === 'log' && news.text.includes('begun')) next();
        },
      },
    );
  }

  it('runs once, and is what all of them have', async () => {
    const dockerfile = `FROM busybox\nRUN echo begun; sleep 0.5; ${ID}\nRUN cat /id > /copy\n`;
    const others: Promise<Built>[] = [];
    const first = await whenBegun(dockerfile, {}, () => {
      for (let nth = 0; nth < 3; nth += 1) others.push(rig.build(dockerfile, {}));
    });
    const built = await Promise.all(others);
    assert.deepEqual(
      built.map(({ image }) => image.id),
      built.map(() => first.image.id),
    );
    const runs = [first, ...built].flatMap(({ steps }) => steps.filter((step) => step.endsWith('RUN')));
    assert.deepEqual(runs.toSorted(), ['2 RUN', '3 RUN']);
  });

  it('is told to all of them while it runs', async () => {
    const dockerfile = `FROM busybox\nRUN echo begun; sleep 0.5; echo goes on; ${ID}; : told\n`;
    const told: string[] = [];
    let other: Promise<Built> | undefined;
    await whenBegun(dockerfile, {}, () => {
      other ??= rig.build(
        dockerfile,
        {},
        {
          onNews: (news) => {
            if (news.type === 'begin') told.push(`begin ${news.line}`);
            if (news.type === 'log') told.push(news.text.trim());
          },
        },
      );
    });
    assert.deepEqual((await other)?.steps, ['1 CACHED', '2 CACHED']);
    assert.deepEqual(told, ['begin 2', 'goes on']);
  });

  it('is run by another when its build is cancelled', async () => {
    const dockerfile = `FROM busybox\nRUN echo begun; sleep 0.5; ${ID}; : cancelled\n`;
    const abort = new AbortController();
    let other: Promise<Built> | undefined;
    await assert.rejects(
      whenBegun(dockerfile, { signal: abort.signal }, () => {
        other = rig.build(dockerfile, {});
        setImmediate(() => abort.abort());
      }),
      { code: 'E_CANCELLED' },
    );
    assert.deepEqual((await other)?.steps, ['1 CACHED', '2 RUN']);
  });

  it('is run again by a build that wants nothing from the cache', async () => {
    const dockerfile = `FROM busybox\nRUN echo begun; sleep 0.5; ${ID}; : forced\n`;
    let other: Promise<Built> | undefined;
    const first = await whenBegun(dockerfile, {}, () => {
      other = rig.build(dockerfile, {}, { options: { noCache: true } });
    });
    const forced = await other;
    assert.deepEqual(forced?.steps, ['1 CACHED', '2 RUN']);
    assert.notEqual(forced?.image.id, first.image.id);
  });
});
