/** When the editor has the preview look again: after a save, and while something writes all the time. */

import assert from 'node:assert/strict';
import { mock } from 'node:test';

import { calm } from '../../../client/vscode/preview/calm.ts';

describe('waiting for calm', () => {
  let nCalls = 0;

  beforeEach(() => {
    nCalls = 0;
    mock.timers.enable({ apis: ['setTimeout'] });
  });
  afterEach(() => mock.timers.reset());

  const look = (): void => void (nCalls += 1);
  const options = { pauseMs: 300, limitMs: 2000 };

  it('acts once for what happens together', () => {
    const waiting = calm(look, options);
    for (let n = 0; n < 3; n += 1) {
      waiting.stir();
      mock.timers.tick(100);
    }
    assert.equal(nCalls, 0);
    mock.timers.tick(10_000);
    assert.equal(nCalls, 1);
  });

  it('acts now and then where it is never calm', () => {
    const waiting = calm(look, options);
    for (let n = 0; n < 50; n += 1) {
      waiting.stir();
      mock.timers.tick(100);
    }
    assert.equal(nCalls, 2);
  });

  it('acts no more when it is cancelled, until it is stirred again', () => {
    const waiting = calm(look, options);
    waiting.stir();
    waiting.cancel();
    mock.timers.tick(10_000);
    assert.equal(nCalls, 0);
    waiting.stir();
    mock.timers.tick(300);
    assert.equal(nCalls, 1);
  });
});
