/**
 * Properties of the reader for any text: it never throws, spans lie in the text and in order, every line belongs to something,
 * logical lines lead back to their characters, line ends don't matter, and effort grows with the length only.
 */

import assert from 'node:assert/strict';

import fc from 'fast-check';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import type { Instruction, LogicalLine } from '../../../core/dockerfile/types.ts';
import { variableMentions } from '../../../core/dockerfile/variables.ts';
import type { Span } from '../../../core/source.ts';
import { anyFile, numRuns } from './files.ts';

/** All spans in a tree of plain data. */
function spansIn(node: unknown): Span[] {
  if (typeof node !== 'object' || node === null) return [];
  const own = isSpan(node) ? [node] : [];
  return [...own, ...Object.values(node).flatMap(spansIn)];
}

function isSpan(node: object): node is Span {
  return 'start' in node && 'end' in node && typeof node.start === 'number' && typeof node.end === 'number';
}

function assertLeadsBack(line: LogicalLine, text: string): void {
  let last = -1;
  for (let at = 0; at < line.text.length; at += 1) {
    const offset = line.sourceOffset(at);
    assert.equal(text[offset], line.text[at]);
    assert.ok(offset > last);
    last = offset;
  }
  assert.ok(line.sourceOffset(line.text.length) > last);
}

function linesOf(text: string): unknown[] {
  return readDockerfile(text).value.instructions.map(({ name, keyword, line, rest, flags }: Instruction) => {
    return [name, keyword, line, rest.text, flags.map((flag) => [flag.name, flag.value])];
  });
}

describe('readDockerfile, for any text', function () {
  this.timeout(300_000); // the full run
  it('keeps spans inside the text, instructions and comments in order', () => {
    fc.assert(
      fc.property(anyFile, (text) => {
        const { value, problems } = readDockerfile(text);
        for (const { start, end } of spansIn([
          value.instructions,
          value.comments,
          value.directives,
          problems,
        ])) {
          assert.ok(start >= 0 && start <= end && end <= text.length, `${start}-${end} of ${text.length}`);
        }
        let last = 0;
        for (const { span } of value.instructions) {
          assert.ok(span.start >= last);
          last = span.end;
        }
        const starts = value.comments.map(({ span }) => span.start);
        assert.deepEqual(
          starts,
          starts.toSorted((left, right) => left - right),
        );
      }),
      { numRuns },
    );
  });

  it('leads every character of every logical line back to the source', () => {
    fc.assert(
      fc.property(anyFile, (text) => {
        for (const instruction of readDockerfile(text).value.instructions) {
          assertLeadsBack(instruction.rest, text);
          if (instruction.name === 'ONBUILD' && instruction.trigger !== undefined) {
            assertLeadsBack(instruction.trigger.rest, text);
          }
        }
      }),
      { numRuns },
    );
  });

  it('gives every line that is not blank to a directive, a comment or an instruction', () => {
    fc.assert(
      fc.property(anyFile, (text) => {
        const { value } = readDockerfile(text);
        const owners = [...value.directives, ...value.comments, ...value.instructions].map(
          ({ span }) => span,
        );
        for (let line = 0; line < value.lines.nLines; line += 1) {
          const { start, end } = value.lines.lineSpan(line);
          if (/^[\s\u0085\\`\uFEFF]*$/.test(text.slice(start, end))) continue;
          assert.ok(
            owners.some((owner) => owner.start < end && owner.end > start),
            `line ${line + 1}`,
          );
        }
      }),
      { numRuns },
    );
  });

  it('does not care whether lines end in LF or CRLF', () => {
    fc.assert(
      fc.property(anyFile, (text) => {
        const unix = text.replaceAll('\r', '');
        assert.deepEqual(linesOf(unix.replaceAll('\n', '\r\n')), linesOf(unix));
      }),
      { numRuns },
    );
  });

  it('finds variables inside their instruction', () => {
    fc.assert(
      fc.property(anyFile, (text) => {
        const { value } = readDockerfile(text);
        for (const instruction of value.instructions) {
          for (const { span, nameSpan } of variableMentions(instruction, value.escape, () => undefined)) {
            assert.ok(instruction.span.start <= span.start && span.end <= instruction.span.end);
            assert.ok(span.start <= nameSpan.start && nameSpan.end <= span.end);
          }
        }
      }),
      { numRuns },
    );
  });
});

describe('readDockerfile, effort', function () {
  this.timeout(300_000); // the full run
  /** CPU milliseconds of the fastest of several readings. */
  function cpuMs(text: string, nTimes: number): number {
    let best = Number.POSITIVE_INFINITY;
    for (let time = 0; time < nTimes; time += 1) {
      const before = process.cpuUsage();
      readDockerfile(text);
      const { user, system } = process.cpuUsage(before);
      best = Math.min(best, (user + system) / 1000);
    }
    return best;
  }

  const heavy: readonly (readonly [string, (n: number) => string])[] = [
    ['comments', (n) => '# c\n'.repeat(n)],
    ['a long line', (n) => `FROM a\nRUN ${'x '.repeat(n)}`],
    ['continuations', (n) => `FROM a\nRUN ${'x \\\n'.repeat(n)}`],
    ['words over continuations', (n) => `FROM a\nENV ${'a=b \\\n'.repeat(n)}c=d`],
    ['flags', (n) => `FROM a\nCOPY ${'--x=y '.repeat(n)} b c`],
    ['heredocs', (n) => `FROM a\nRUN ${'<<E '.repeat(n)}\n${'E\n'.repeat(n)}`],
    ['heredocs that are not ended', (n) => `FROM a\nRUN ${'<<E '.repeat(n)}\n`],
    ['blanks', (n) => `FROM a${' '.repeat(n)}\n# syntax = ${' '.repeat(n)}x`],
    ['braces', (n) => `FROM a\nENV a=${'${b:-'.repeat(n)}`],
    ['brackets', (n) => `FROM a\nRUN ${'['.repeat(n)}`],
    ['quotes', (n) => `FROM a\nENV a=${'"b" '.repeat(n)}`],
    ['triggers', (n) => `FROM a\n${'ONBUILD '.repeat(n)}RUN b`],
    ['stages', (n) => 'FROM a\n'.repeat(n)],
    ['patterns', (n) => `FROM a\nENV a=\${b#${'*a'.repeat(n)}}`],
  ];
  for (const [name, make] of heavy) {
    it(`grows with the length only: ${name}`, () => {
      const small = Math.max(cpuMs(make(2000), 3), 1);
      assert.ok(cpuMs(make(16_000), 2) < 8 * 4 * small + 30);
    });
  }
});
