/**
 * What BuildKit refuses we refuse, on the same line and in its words; what it accepts we accept.
 * The recorded answers are in refused.json (see record-refused.ts); deviations are listed here with their reason.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { REFUSED_FILES } from './refused-files.ts';

interface Answer {
  readonly line: number | null;
  readonly message: string;
}

/** Refused by the recorded BuildKit, accepted by newer ones, which is what we follow. */
const NEWER: ReadonlySet<string> = new Set([
  'RUN with a device',
  'RUN with insecure',
  'RUN with security mode',
  'COPY with parents',
]);

/** Refused when the values are known: found by the rules or by the builder, not by the reader. */
const EVALUATED: ReadonlySet<string> = new Set([
  'RUN with mount: secret with from',
  'RUN with mount: no target',
  'RUN with mount: cache without target',
  'RUN with mount: tmpfs without target',
  'RUN with mount: variable in type',
  'EXPOSE a word',
  'EXPOSE a large port',
  'EXPOSE with protocol',
  'EXPOSE with a backward range',
  'STOPSIGNAL unknown',
  'COPY from an unknown number',
  'COPY with bad chmod',
  'ADD with bad checksum',
  'ENV with a required variable',
  'FROM an unset variable',
  'FROM itself',
  'FROM with a bad platform',
  'FROM a bad reference',
]);

/** BuildKit names the line before the directive, and none for the first line. */
const DIRECTIVE_CODES: ReadonlySet<string> = new Set(['E_ESCAPE_DIRECTIVE', 'E_DUPLICATE_DIRECTIVE']);

describe('what BuildKit refuses', () => {
  const recorded = recordedAnswers();

  it('is recorded for every file of the table', () => {
    assert.deepEqual(
      REFUSED_FILES.map(([name, text]) => [name, text]),
      recorded.files.map(({ name, text }) => [name, text]),
    );
  });

  for (const { name, text, buildkit } of recorded.files) {
    if (NEWER.has(name) || EVALUATED.has(name)) continue;
    it(buildkit === null ? `accepts: ${name}` : `refuses: ${name}`, () => {
      assert.deepEqual(firstError(text, buildkit), buildkit);
    });
  }
});

/** Our first error in BuildKit's shape. A suggestion is our hint, so the message need only begin BuildKit's. */
function firstError(text: string, expected: Answer | null): Answer | null {
  const { value, problems } = readDockerfile(text);
  const error = problems.find(({ severity }) => severity === 'error');
  if (error === undefined) return null;
  const holder = value.instructions.find(
    ({ span }) => span.start <= error.span.start && error.span.end <= span.end,
  );
  const position = value.lines.positionAt(error.span.start).line;
  const line = DIRECTIVE_CODES.has(error.code) ? position : (holder?.line ?? position) + 1;
  const suggestion = / \(did you mean .*\?\)$/.exec(expected?.message ?? '')?.[0] ?? '';
  const suggested = error.hint?.replace('--', '');
  if (suggestion !== '') assert.equal(` (${suggested})`, suggestion);
  return { line: expected?.line === null ? null : line, message: error.message + suggestion };
}

function recordedAnswers(): { files: { name: string; text: string; buildkit: Answer | null }[] } {
  const file = readFileSync(join(import.meta.dirname, 'refused.json'), 'utf8');
  // Written by record-refused.ts, reviewed as a diff.
  return JSON.parse(file) as { files: { name: string; text: string; buildkit: Answer | null }[] };
}
