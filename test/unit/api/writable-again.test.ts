/** A client that reads slowly is waited for again and again. */

import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';

import { writableAgain } from '../../../runtime/api/writable-again.ts';

describe('a client that reads slowly', () => {
  it('is waited for, and leaves no listener behind', async () => {
    const out = new PassThrough({ highWaterMark: 1 });
    const before = out.eventNames().length;
    let isOpen = false;
    for (let nth = 0; nth < 20; nth += 1) {
      isOpen = out.write('ab');
      const waiting = writableAgain(out);
      out.read();
      await waiting;
    }
    assert.equal(isOpen, false);
    assert.deepEqual(
      ['drain', 'close', 'error'].map((event) => out.listenerCount(event)),
      [0, 0, 0],
    );
    assert.equal(out.eventNames().length, before);
  });

  for (const error of [undefined, new Error('EPIPE')]) {
    it(`is not waited for once it is gone${error === undefined ? '' : ', with an error'}`, async () => {
      const out = new PassThrough({ highWaterMark: 1 });
      out.write('ab');
      const waiting = writableAgain(out);
      out.destroy(error);
      await waiting;
    });
  }
});
