/** What is said of a stage that is not there, and what is offered for it. */

import assert from 'node:assert/strict';

import { findingsOf } from './rules/marked.ts';

const CASES: readonly (readonly [text: string, message: string, change?: string])[] = [
  [
    'FROM a:1\nCOPY --from=build /a /b',
    'no stage before this one is called build; an image is named with its tag',
  ],
  [
    'FROM a:1 AS build\nFROM a:1\nCOPY --from=biuld /a /b',
    'no stage before this one is called biuld; did you mean build?',
    'build',
  ],
  [
    'FROM a:1 AS build\nFROM a:1\nCOPY --from="biuld" /a /b',
    'no stage before this one is called biuld; did you mean build?',
    'build',
  ],
  // Not of the stage itself, nor of a later one.
  [
    'FROM a:1 AS build\nCOPY --from=biuld /a /b',
    'no stage before this one is called biuld; an image is named with its tag',
  ],
  [
    'FROM a:1\nCOPY --from=biuld /a /b\nFROM a:1 AS build',
    'no stage before this one is called biuld; an image is named with its tag',
  ],
];

describe('DL3022', () => {
  for (const [text, message, change] of CASES) {
    it(JSON.stringify(text), () => {
      const [finding, ...more] = findingsOf('DL3022', text);
      assert.equal(finding?.message, message);
      assert.equal(more.length, 0);
      const { edits = [], ...fix } = finding.fix ?? {};
      assert.deepEqual(
        edits.map((edit) => [text.slice(edit.span.start, edit.span.end), edit.text]),
        change === undefined ? [] : [[/--from=(\S+)/.exec(text)?.[1], change]],
      );
      if (change !== undefined)
        assert.deepEqual(fix, { title: `Change to ${change}`, changesPlan: true, needsReview: true });
    });
  }
});

describe('NR103', () => {
  it('names the number that no stage has', () => {
    const [finding] = findingsOf('NR103', 'FROM a:1\nCOPY --from=7 /a /b');
    assert.equal(finding?.message, 'no stage has the number 7');
    assert.deepEqual(findingsOf('NR103', 'FROM a:1\nRUN --mount=from=7,target=/x a\nADD --from=7 a b'), []);
  });
});

describe('arrays that are none', () => {
  const SAID: readonly (readonly [id: string, text: string, message: string])[] = [
    ['NR026', "CMD ['a', 'b']", 'JSON wants double quotes: this is read as a shell command'],
    ['NR026', "VOLUME ['/a']", 'JSON wants double quotes: this is the name of the directory'],
    [
      'NR026',
      "COPY ['a', '/b/']",
      'JSON wants double quotes: these are read as names of files, brackets and all',
    ],
    ['NR026', "SHELL ['/bin/sh']", 'JSON wants double quotes, and SHELL takes nothing else'],
    [
      'NR032',
      'CMD ["a", b]',
      'this looks like a JSON array but is none: b has no quotes, so it runs as shell text',
    ],
    [
      'NR032',
      'VOLUME ["/a", b]',
      'this looks like a JSON array but is none: b has no quotes, so it names directories as it stands',
    ],
    [
      'NR032',
      'ADD ["/a", b]',
      'this looks like a JSON array but is none: b has no quotes, so it names files as it stands',
    ],
  ];
  for (const [id, text, message] of SAID) {
    it(`${id}: ${text}`, () => {
      assert.deepEqual(
        findingsOf(id, `FROM a:1\n${text}`).map((finding) => finding.message),
        [message],
      );
    });
  }
});
