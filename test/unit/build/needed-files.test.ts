/** Which steps run after all of those that a cache knows by their keys alone. */

import assert from 'node:assert/strict';

import type { CacheRecord, VertexLookup, VertexRequest } from '../../../core/build/cache-record.ts';
import { withNeededFiles } from '../../../core/build/needed-files.ts';
import { digestOf } from '../../../core/oci/digest.ts';

interface Step {
  readonly root?: number;
  readonly sources?: readonly number[];
  /** `key` is a hit without files, `passed` a vertex that stands where such a root does. */
  readonly is:
    | 'hit'
    | 'key'
    | 'passed'
    | 'miss'
    | 'unknown'
    | { readonly on: readonly number[] }
    | { readonly of: number };
}

const ORIGIN = { project: 'p', stage: '', line: 1, instruction: 'RUN' };

function requestOf({ root, sources = [] }: Step, id: number): VertexRequest {
  return {
    id,
    kind: 'run',
    ...(root === undefined ? {} : { root }),
    sources: sources.map((vertex) => ({ vertex, selection: { kind: 'tree', path: '/' } })),
    isForced: false,
    allowsCutOff: false,
    origin: ORIGIN,
  };
}

function answerOf({ is }: Step, id: number): VertexLookup {
  const key = digestOf(String(id));
  if (typeof is === 'object')
    return 'on' in is ? { outcome: 'depends', on: is.on } : { outcome: 'twin', of: is.of };
  if (is === 'passed') return { outcome: 'given', key, isKeyOnly: true };
  if (is === 'miss') return { outcome: 'miss', cause: 'absent' };
  if (is === 'unknown') return { outcome: 'unknown', on: [] };
  const record: CacheRecord = {
    key,
    aliases: [],
    partial: key,
    origin: ORIGIN,
    components: [],
    result: String(id),
    seconds: 0,
    bytes: 0,
    createdAt: '',
  };
  return { outcome: 'hit', key, record: is === 'key' ? { ...record, isKeyOnly: true } : record };
}

const CASES: readonly (readonly [string, readonly Step[], string])[] = [
  [
    'those that only hits use stay hits',
    [{ is: 'key' }, { root: 0, is: 'key' }, { sources: [1], is: 'hit' }],
    'hit hit hit',
  ],
  [
    'a step that runs needs its sources, and what they stand on',
    [{ is: 'key' }, { root: 0, is: 'key' }, { sources: [1], is: 'miss' }],
    'miss miss miss',
  ],
  ['and what it starts from', [{ is: 'key' }, { root: 0, is: 'miss' }], 'miss miss'],
  [
    'files that are there need nothing',
    [{ is: 'key' }, { root: 0, is: 'hit' }, { root: 1, is: 'miss' }],
    'hit hit miss',
  ],
  [
    'a stage of which only a twin is used is no image',
    [
      { is: 'key' },
      { root: 0, is: 'passed' },
      { root: 1, is: 'key' },
      { root: 0, is: 'passed' },
      { root: 3, is: { of: 2 } },
      { sources: [2, 4], is: 'hit' },
    ],
    'hit given hit given twin hit',
  ],
  ['the image needs its own', [{ is: 'key' }, { root: 0, is: 'key' }], 'miss miss'],
  [
    'through a vertex without a filesystem of its own',
    [{ is: 'key' }, { root: 0, is: 'passed' }, { sources: [1], is: 'miss' }],
    'miss given miss',
  ],
  ['through an equal step', [{ is: 'key' }, { is: { of: 0 } }, { root: 1, is: 'miss' }], 'miss twin miss'],
  [
    'what a verdict depends on runs for it',
    [{ is: 'key' }, { sources: [0], is: { on: [0] } }],
    'miss depends',
  ],
  [
    'what is needed only if a verdict turns out so is as open as it is',
    [{ is: 'key' }, { is: 'miss' }, { root: 0, sources: [1], is: { on: [1] } }],
    'depends miss depends',
  ],
  [
    'what is needed for sure is not open',
    [
      { is: 'key' },
      { is: 'miss' },
      { root: 0, sources: [1], is: { on: [1] } },
      { root: 0, sources: [2], is: 'miss' },
    ],
    'miss miss depends miss',
  ],
  [
    'nor the other way round',
    [{ is: 'key' }, { root: 0, is: 'miss' }, { sources: [0, 1], is: 'unknown' }],
    'miss miss unknown',
  ],
];

describe('steps that are known by their keys alone', () => {
  for (const [behaviour, steps, expected] of CASES) {
    it(behaviour, () => {
      const answers = withNeededFiles(steps.map(requestOf), steps.map(answerOf));
      assert.equal(answers.map(({ outcome }) => outcome).join(' '), expected);
    });
  }
});
