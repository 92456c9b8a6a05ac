/** What NR032 says of an array that is no JSON; where it says so stands in own-cases.ts. */

import assert from 'node:assert/strict';

import { brokenArray } from '../../../core/lint/broken-array.ts';

const FAULTS: readonly (readonly [text: string, fault: string])[] = [
  ['["node", "x.js]', 'the last string has no closing quote'],
  ['["a', 'the last string has no closing quote'],
  ['["a", "b"', 'the closing ] is missing'],
  ['["a",', 'the closing ] is missing'],
  ['["a" "b"]', 'a comma is missing before this'],
  ['["a", "b",]', 'nothing follows the last comma'],
  ['["a",, "b"]', 'a string is missing before this comma'],
  ['["a", b]', 'b has no quotes'],
  ['[node, server.js]', 'node has no quotes'],
  ['[“node”]', '“ is no quote of JSON, " is'],
  ['["a", \'b\']', '\' is no quote of JSON, " is'],
  ['["C:\\app.exe"]', '\\a means nothing in JSON, where a backslash is \\\\'],
  ['["a\\u12"]', '\\u means nothing in JSON, where a backslash is \\\\'],
  ['["a\tb"]', 'a string of JSON holds no tab and no control character'],
  ['["a"] && b', 'the array ends before this'],
];

describe('a broken array', () => {
  for (const [text, fault] of FAULTS) {
    it(`${JSON.stringify(text)}: ${fault}`, () => assert.equal(brokenArray(text)?.fault, fault));
  }

  it('is none where the text is JSON', () => {
    for (const text of ['["a"]', '[ "a" , "\\u00e9\\n\\\\" ]', '["a", 1]', '[1]', '[]'])
      assert.equal(brokenArray(text), undefined, text);
  });
});
