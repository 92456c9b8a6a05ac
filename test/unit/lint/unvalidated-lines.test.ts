/** `# dockerfile-utils: ignore` silences the reader's problems and our own rules on the next line, and nothing else. */

import assert from 'node:assert/strict';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { fileFindings } from '../../../core/lint/file-findings.ts';

const IGNORE = '# dockerfile-utils: ignore';

function idsOf(text: string): readonly string[] {
  return fileFindings(readDockerfile(text)).map(({ line, ruleId }) => `${line + 1}:${ruleId}`);
}

describe('dockerfile-utils: ignore', () => {
  it("silences the reader's problems on the next line only", () => {
    const ids = idsOf(`FROM scratch\n${IGNORE}\nFOO a\nFOO b\n`);
    assert.ok(!ids.includes('3:E_UNKNOWN_INSTRUCTION'));
    assert.ok(ids.includes('4:E_UNKNOWN_INSTRUCTION'));
  });

  it('silences our own rules', () => {
    assert.ok(idsOf('FROM scratch\nEXPOSE http\n').includes('2:NR101'));
    assert.ok(!idsOf(`FROM scratch\n${IGNORE}\nEXPOSE http\n`).includes('3:NR101'));
  });

  it('leaves the rules of other tools alone', () => {
    assert.ok(idsOf(`FROM debian:12\n${IGNORE}\nRUN cd /tmp && make\n`).includes('3:DL3003'));
  });
});
