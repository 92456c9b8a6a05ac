/** What is kept of a text, for how long. */

import assert from 'node:assert/strict';

import { remembered } from '../../../core/lint/shell/remembered.ts';

describe('answers that are remembered', () => {
  let asked: string[];
  let lengthOf: (text: string) => { readonly length: number };
  beforeEach(() => {
    asked = [];
    lengthOf = remembered((text: string) => {
      asked.push(text);
      return { length: text.length };
    });
  });

  it('are made once for a text', () => {
    const first = lengthOf('make all');
    assert.deepEqual(first, { length: 8 });
    assert.equal(lengthOf(['make', 'all'].join(' ')), first);
    assert.deepEqual(asked, ['make all']);
  });

  it('are those of the very text', () => {
    assert.deepEqual(lengthOf(''), { length: 0 });
    assert.deepEqual(lengthOf(' '), { length: 1 });
    assert.deepEqual(asked, ['', ' ']);
  });

  it('stay while they are asked for, and go when they are not', () => {
    const used = lengthOf('used');
    const unused = lengthOf('unused');
    for (let nth = 0; nth < 40; nth += 1) {
      lengthOf(`${nth}`.padEnd(32 * 1024));
      assert.equal(lengthOf('used'), used);
    }
    assert.notEqual(lengthOf('unused'), unused);
    assert.equal(asked.filter((text) => text === 'used').length, 1);
    assert.equal(asked.filter((text) => text === 'unused').length, 2);
  });
});
