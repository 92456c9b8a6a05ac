/**
 * Properties of variable expansion for any text: it never throws, spans lie in the text, text without special characters stays,
 * and patterns match what regular expressions match.
 */

import assert from 'node:assert/strict';

import fc from 'fast-check';

import { expand } from '../../../core/dockerfile/expansion.ts';
import { removePrefix, removeSuffix, replacePattern } from '../../../core/dockerfile/expansion-patterns.ts';
import { anyExpansion, numRuns } from './files.ts';

const options = fc.record({
  escape: fc.constantFrom('\\' as const, '`' as const),
  lookup: fc.constantFrom<(name: string) => string | undefined>(
    () => undefined,
    (name) => (name === 'A' ? 'one two' : undefined),
    () => '',
  ),
  keepsQuotes: fc.boolean(),
  keepsEscapes: fc.boolean(),
  keepsUnset: fc.boolean(),
  ignoresQuotes: fc.boolean(),
});

const literals = fc
  .array(fc.constantFrom('a', 'b', '/', '\n', '😀'), { maxLength: 8 })
  .map((parts) => parts.join(''));
const patterns = fc
  .array(fc.constantFrom('a', 'b', '*', '?', '\\*', '.'), { maxLength: 5 })
  .map((parts) => parts.join(''));

/** The same pattern as a regular expression. */
function source(pattern: string, star: string): string {
  return pattern.replaceAll(/\\\*|[*?.]/g, (token) => {
    if (token === '*') return star;
    return token === '?' ? '[^\\n]' : token === '.' ? '\\.' : token;
  });
}

describe('expand, for any text', function () {
  this.timeout(300_000); // the full run
  it('keeps spans inside the text and words in order', () => {
    fc.assert(
      fc.property(anyExpansion, options, (text, given) => {
        const { words, uses, fault } = expand(text, given);
        const spans = [
          ...words.map(({ span }) => span),
          ...uses.map(({ span }) => span),
          ...(fault ? [fault.span] : []),
        ];
        for (const { start, end } of spans) assert.ok(start >= 0 && start <= end && end <= text.length);
        const starts = words.map(({ span }) => span.start);
        assert.deepEqual(
          starts,
          starts.toSorted((left, right) => left - right),
        );
      }),
      { numRuns },
    );
  });

  it('changes nothing where nothing is special', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('\\' as const, '`' as const), (text, escape) => {
        const plain = text.replaceAll(/["'$\\`<]/g, '');
        assert.equal(expand(plain, { escape, lookup: () => 'x' }).text, plain);
      }),
      { numRuns },
    );
  });

  it('is undone by escaping every character', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const escaped = Array.from(text, (char) => `\\${char}`).join('');
        assert.equal(expand(escaped, { escape: '\\', lookup: () => 'x' }).text, text);
      }),
      { numRuns },
    );
  });
});

describe('patterns, for any text', function () {
  this.timeout(300_000); // the full run
  it('match what regular expressions match', () => {
    fc.assert(
      fc.property(literals, patterns, fc.boolean(), (value, pattern, isGreedy) => {
        const star = isGreedy ? '[^\\n]*' : '[^\\n]*?';
        const prefix = new RegExp(`^${source(pattern, star)}`, 'u');
        assert.equal(removePrefix(value, pattern, isGreedy).text, value.replace(prefix, ''));
        const any = new RegExp(source(pattern, '[^\\n]*'), 'u');
        assert.equal(replacePattern(value, pattern, 'X', false).text, value.replace(any, 'X'));
        const suffixes = Array.from({ length: value.length + 1 }, (_, at) => at).filter((at) => {
          const isSplit = at > 0 && at < value.length && /[\uDC00-\uDFFF]/.test(value.charAt(at));
          return !isSplit && new RegExp(`^${source(pattern, '[^\\n]*')}$(?!\\n)`, 'u').test(value.slice(at));
        });
        const cut = isGreedy ? suffixes[0] : suffixes.at(-1);
        assert.equal(removeSuffix(value, pattern, isGreedy).text, value.slice(0, cut ?? value.length));
      }),
      { numRuns },
    );
  });
});
