/**
 * What BuildKit refuses has an error on the same line, and what it accepts has none.
 * The recorded answers are those of the reader's golden (../dockerfile/refused.json); deviations are listed with their reason.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { fileFindings } from '../../../core/lint/file-findings.ts';

interface Recorded {
  readonly name: string;
  readonly text: string;
  readonly buildkit: { readonly line: number | null; readonly message: string } | null;
}

/** Refused by the recorded BuildKit for reasons outside the file: an image that could not be fetched, something newer versions accept, a value given with the build. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'COPY with parents',
  'FROM itself',
  'RUN with a device',
  'RUN with insecure',
  'RUN with mount: secret with from',
  'RUN with mount: variable in type',
  'RUN with security mode',
]);

describe('lint of what BuildKit refuses', () => {
  const file = readFileSync(join(import.meta.dirname, '../dockerfile/refused.json'), 'utf8');
  // Written by record-refused.ts, reviewed as a diff.
  const { files } = JSON.parse(file) as { files: Recorded[] };

  it('knows at least 80 refused files', () => {
    assert.ok(files.filter(({ buildkit }) => buildkit !== null).length >= 80);
  });

  for (const { buildkit, name, text } of files) {
    if (ELSEWHERE.has(name)) continue;
    it(`${buildkit === null ? 'no error' : 'error'}: ${name}`, () => {
      const lines = errorLines(text);
      if (buildkit === null) assert.deepEqual(lines, []);
      else if (buildkit.line === null) assert.ok(lines.length > 0);
      else {
        // BuildKit names the line before a directive.
        const line = buildkit.line + (/^(?:escape|check|syntax) directive/.test(name) ? 1 : 0);
        assert.ok(lines.includes(line), `line ${line}, not ${lines.join(', ')}`);
      }
    });
  }
});

/** Lines of the instructions with an error, from 1; of the finding itself outside instructions. */
function errorLines(text: string): readonly number[] {
  const parsed = readDockerfile(text);
  return fileFindings(parsed)
    .filter(({ severity }) => severity === 'error')
    .map(({ line, span }) => {
      const holder = parsed.value.instructions.find(
        (found) => found.span.start <= span.start && span.end <= found.span.end,
      );
      return (holder?.line ?? line) + 1;
    });
}
