/** Which pruned steps a cache goes on knowing by key. */

import assert from 'node:assert/strict';

import { ancestorsAmong } from '../../../core/build/descent.ts';
import { digestOf } from '../../../core/oci/digest.ts';

const digest = (name: string) => digestOf(Buffer.from(name));

function record(
  name: string,
  below: { root?: string; sources?: readonly string[]; aliases?: readonly string[] } = {},
) {
  const { root, sources = [], aliases = [] } = below;
  return {
    name,
    key: digest(name),
    aliases: aliases.map(digest),
    ...(root === undefined ? {} : { rootKey: digest(root) }),
    sourceKeys: sources.map(digest),
  };
}

type Made = ReturnType<typeof record>;

function kept(absent: readonly Made[], present: readonly Made[]): readonly string[] {
  return [...ancestorsAmong(absent, present)].map(({ name }) => name).toSorted();
}

describe('keys of pruned steps', () => {
  const a = record('a');
  const b = record('b', { root: 'a' });
  const c = record('c', { sources: ['b'] });
  const d = record('d', { root: 'c' });

  it('are kept while something is left that was made from them, at any remove', () => {
    assert.deepEqual(kept([a, b, c], [d]), ['a', 'b', 'c']);
    assert.deepEqual(kept([a, b], [c, d]), ['a', 'b']);
  });

  it('go where nothing leads to them', () => {
    assert.deepEqual(kept([a, b, c], []), []);
    assert.deepEqual(kept([b, c, d], [a]), []);
    assert.deepEqual(kept([c, record('other')], [d]), ['c']);
  });

  it('go where a record stands for them', () => {
    assert.deepEqual(kept([a, b], [a, b, c]), []);
  });

  it('are not those of a step that only can be found instead', () => {
    assert.deepEqual(kept([b, record('again', { aliases: ['b'] })], [c]), ['b']);
  });

  it('are looked for once, also where records go round', () => {
    const left = record('left', { root: 'right' });
    assert.deepEqual(kept([left, record('right', { root: 'left' })], [record('top', { root: 'left' })]), [
      'left',
      'right',
    ]);
  });

  it('are unknown to records of earlier versions', () => {
    const { sourceKeys: _, ...old } = c;
    assert.deepEqual([...ancestorsAmong([b], [old])], []);
  });
});
