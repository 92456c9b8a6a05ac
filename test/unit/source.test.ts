import assert from 'node:assert/strict';

import { lineIndex } from '../../core/source.ts';

describe('lineIndex', () => {
  it('turns offsets into positions and back, CRLF not counted as column', () => {
    const index = lineIndex('ab\r\ncd\n');
    assert.equal(index.nLines, 3);
    assert.deepEqual(index.positionAt(5), { line: 1, column: 1 });
    assert.equal(index.offsetAt({ line: 0, column: 99 }), 2);
    assert.deepEqual(index.lineSpan(1), { start: 4, end: 6 });
  });
});
