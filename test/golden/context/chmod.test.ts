/** `--chmod` gives the modes that BuildKit gives, and refuses what it refuses (recorded by record-chmod.ts). */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { chmodFault, parseChmod } from '../../../core/context/chmod.ts';
import { CHMOD_MODES, CHMOD_TEXTS, type ChmodAnswer } from './chmod-texts.ts';

const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'chmod.json'), 'utf8')) as {
  readonly builder: string;
  readonly answers: Readonly<Record<string, ChmodAnswer>>;
}; // written by record-chmod.ts, reviewed as a diff

describe(`--chmod as ${recorded.builder} reads it`, () => {
  it('is recorded for every text', () => {
    assert.deepEqual(Object.keys(recorded.answers).sort(), [...new Set(CHMOD_TEXTS)].sort());
  });

  for (const [text, answer] of Object.entries(recorded.answers)) {
    it('refused' in answer ? `${text} is refused` : `${text} makes ${answer.file}`, () => {
      const change = parseChmod(text);
      if (change === undefined || 'refused' in answer) {
        assert.deepEqual({ refused: chmodFault(text) }, answer);
        return;
      }
      const modes = (isDirectory: boolean): string =>
        CHMOD_MODES.map((mode) => change(mode, isDirectory).toString(8)).join(' ');
      assert.deepEqual({ file: modes(false), directory: modes(true) }, answer);
    });
  }

  it('takes nothing but the twelve bits of a mode', () => {
    assert.equal(parseChmod('u+x')?.(0o100644, false), 0o744);
  });
});
