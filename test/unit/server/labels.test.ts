/** Times as the preview shows them in an editor. */

import assert from 'node:assert/strict';

import { duration } from '../../../server/preview/labels.ts';

describe('times of steps', () => {
  for (const [seconds, shown] of [
    [0.04, '0.0 s'],
    [9.94, '9.9 s'],
    [9.96, '10 s'],
    [99.4, '99 s'],
    [99.6, '1 min 40 s'],
    [100, '1 min 40 s'],
    [119.7, '2 min 0 s'],
    [3599.4, '59 min 59 s'],
    [3599.9, '1 h 0 min'],
    [7170, '2 h 0 min'],
  ] as const) {
    it(`${seconds}: ${shown}`, () => assert.equal(duration(seconds), shown));
  }
});
