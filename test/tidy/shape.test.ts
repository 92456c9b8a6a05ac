/** Size and shape of the source (CONTRIBUTING.md): file length, header comments, names, words that must not appear. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

import { sourceFiles } from './source-files.ts';

const FLOORS = ['core', 'local', 'server', 'client', 'runtime', 'scripts'];
const files = [...FLOORS, 'test'].flatMap((floor) => sourceFiles(floor));
const MAX_LINES = 400;

/** Files longer than the limit, each with its reason in its first comment. This list may only shrink. */
const LONG_FILES: readonly string[] = [];

describe('source shape', () => {
  it('no file is longer than 400 lines', () => {
    const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > MAX_LINES + 1);
    assert.deepEqual(
      long.filter((file) => !file.startsWith('test/')),
      LONG_FILES,
    );
  });

  it('every file of the product opens with a comment that says what it is for', () => {
    const bare = files.filter(
      (file) => !file.startsWith('test/') && !/^(#!.*\n)?\s*\/(\*\*|\/)/.test(readFileSync(file, 'utf8')),
    );
    assert.deepEqual(bare, []);
  });

  it('no file is named after nothing in particular', () => {
    const vague = files.filter((file) => /^(utils?|helpers?|common|misc)\.ts$/.test(basename(file)));
    assert.deepEqual(vague, []);
  });

  it('no test is left focused, no note without an issue', () => {
    const wrong = files.filter(
      (file) =>
        file !== 'test/tidy/shape.test.ts' &&
        /\b(describe|it)\.only\(|\bTODO(?!\(#\d+\))/.test(readFileSync(file, 'utf8')),
    );
    assert.deepEqual(wrong, []);
  });
});
