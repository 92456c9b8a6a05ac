/** Every text the user sees exists in English and in Korean, and no translation outlives its text. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { sourceFiles } from './source-files.ts';

/** `l10n.t('text', …)`: the text is a literal, on one line or the next. */
const CALL = /\bl10n\s*\.t\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g;

describe('translations', () => {
  it('package.nls.json and package.nls.ko.json have the same keys, which are those of package.json', () => {
    const used = [...readFileSync('package.json', 'utf8').matchAll(/"%([^%"]+)%"/g)].map(
      (match) => match[1] ?? '',
    );
    assert.deepEqual(keysOf('package.nls.json'), [...new Set(used)].toSorted());
    assert.deepEqual(keysOf('package.nls.ko.json'), keysOf('package.nls.json'));
  });

  it('every l10n.t text has a Korean translation, and no other text has one', () => {
    const texts = [...sourceFiles('client/vscode'), ...sourceFiles('server')].flatMap((file) => {
      return [...readFileSync(file, 'utf8').matchAll(CALL)].map((match) => unescape(match[2] ?? ''));
    });
    assert.deepEqual(keysOf('l10n/bundle.l10n.ko.json'), [...new Set(texts)].toSorted());
  });

  it('a translation has the placeholders of its text', () => {
    const wrong = Object.entries(bundle('l10n/bundle.l10n.ko.json')).filter(
      ([text, translation]) => placeholders(text) !== placeholders(translation),
    );
    assert.deepEqual(wrong, []);
  });
});

function bundle(file: string): Readonly<Record<string, string>> {
  // Checked as a whole by the tests above.
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
}

function keysOf(file: string): string[] {
  return Object.keys(bundle(file)).toSorted();
}

function placeholders(text: string): string {
  return (text.match(/\{\d+\}/g) ?? []).toSorted().join();
}

function unescape(literal: string): string {
  return literal.replace(/\\(.)/g, '$1');
}
