/** The `label` filter of containers, volumes, networks and images. */

import assert from 'node:assert/strict';

import { hasLabel } from '../../../runtime/engine/has-label.ts';

const LABELS = { plain: '', tier: 'web', pair: 'a=b' };

describe('the label filter', () => {
  for (const [wanted, expected] of [
    ['plain', true],
    ['tier', true],
    ['tier=web', true],
    ['tier=we', false],
    ['pair=a=b', true],
    ['other', false],
    ['plain=', true],
    ['tier=', false],
    ['constructor', false],
  ] as const) {
    it(`${wanted}: ${expected}`, () => assert.equal(hasLabel(LABELS, wanted), expected));
  }

  it('nothing without labels', () => assert.equal(hasLabel(undefined, 'tier'), false));
});
