/** A container in the foreground is started once the engine waits for its end: one that is gone at once would be missed. */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

import { runNaru } from '../../support/naru-cli.ts';
import { fakeEngine, type Received, type Scripted } from '../driver/fake-engine.ts';

describe('a container in the foreground', () => {
  for (const args of [
    ['run', '--rm', 'img'],
    ['start', '-a', 'c'],
  ]) {
    it(`${args.join(' ')}: is started when the wait has begun`, async () => {
      let isWaiting = false;
      const startedAfterWait: boolean[] = [];
      function answer({ url }: Received): Scripted {
        if (url.includes('/create')) return { status: 201, body: { Id: 'c' } };
        if (url.includes('/attach')) return { upgrade: new Uint8Array(), isOver: true };
        if (url.includes('/wait')) {
          const slow = delay(300).then(() => (isWaiting = true)); // an engine behind a slow link
          return { after: slow, body: { StatusCode: 7 } };
        }
        if (url.endsWith('/start')) {
          startedAfterWait.push(isWaiting);
          return { status: 204 };
        }
        return { body: { Id: 'c', State: { Status: 'exited' } } };
      }
      const fake = await fakeEngine(answer);
      try {
        const { status, stderr } = await runNaru(fake.host, args);
        assert.deepEqual([status, stderr, startedAfterWait], [7, '', [true]]);
      } finally {
        await fake.close();
      }
    });
  }
});
