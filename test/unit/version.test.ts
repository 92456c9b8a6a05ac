import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { NARU_VERSION } from '../../core/version.ts';

describe('version', () => {
  it('is the one of package.json', () => {
    const text = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8');
    assert.equal((JSON.parse(text) as { version: string }).version, NARU_VERSION); // our own file
  });
});
