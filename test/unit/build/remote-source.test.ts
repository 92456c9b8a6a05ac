/** Addresses: which are repositories, which are files, and what contradicts itself. Values as BuildKit of 28.5.2 takes them. */

import assert from 'node:assert/strict';

import { contextName, findNamedContext, readNamedContext } from '../../../core/build/named-contexts.ts';
import { readContextAddress, readRemoteSource } from '../../../core/build/remote-source.ts';

/** Text -> `git remote ref directory …`, `http name`, the fault, or undefined for a path. */
const ADDRESSES: readonly (readonly [string, string | undefined])[] = [
  ['a/b', undefined],
  ['./x.git', undefined],
  ['/srv/x.git', undefined],
  ['file:///srv/x.git', undefined],
  ['user@host', undefined],
  ['https://host/x.git', 'git https://host/x.git'],
  ['https://host/x.git#v1', 'git https://host/x.git v1'],
  ['https://host/x.git#v1:a/b', 'git https://host/x.git v1 a/b'],
  ['https://host/x.git#:a', 'git https://host/x.git  a'],
  ['https://host/x.git#', 'git https://host/x.git'],
  ['https://host/x', 'http x'],
  ['http://host/a/x.tar.gz?k=v#f', 'http x.tar.gz'],
  ['http://host/%68ello', 'http hello'],
  ['http://host/', 'http __unnamed__'],
  ['http://host/%zz', 'http __unnamed__'],
  ['a/https://host/x', undefined],
  ['a/git://host/x', undefined],
  ['./git@host:x', undefined],
  ['git://host/x', 'git git://host/x'],
  ['ssh://git@host:2222/x.git#b', 'git ssh://git@host:2222/x.git b'],
  ['git@host:team/x.git#b:d', 'git git@host:team/x.git b d'],
  ['https://host/x.git?branch=b&subdir=d', 'git https://host/x.git refs/heads/b d'],
  ['https://host/x.git?tag=t', 'git https://host/x.git refs/tags/t'],
  ['https://host/x.git?ref=r&commit=abc', 'git https://host/x.git r  checksum=abc'],
  ['https://host/x.git?checksum=abc&keep-git-dir=1', 'git https://host/x.git   checksum=abc keeps=true'],
  ['https://host/x.git?keep-git-dir=0', 'git https://host/x.git   keeps=false'],
  ['https://host/x.git?keep-git-dir=true', 'git https://host/x.git   keeps=true'],
  ['https://host/x.git?keep-git-dir=', 'git https://host/x.git   keeps=true'],
  ['https://host/x.git?keep-git-dir=no', 'git https://host/x.git   keeps=false'],
  ['https://host/x.git?nope=1', 'unexpected query "nope"'],
  ['https://host/x.git?branch=a#b', 'ref conflicts: "b" vs "refs/heads/a"'],
  ['https://host/x.git?branch=a&tag=b', 'branch conflicts with tag'],
  ['https://host/x.git?subdir=a#r:b', 'subdir conflicts: "b" vs "a"'],
  ['https://host/x.git?ref=r#r', 'git https://host/x.git r'],
];

describe('addresses', () => {
  for (const [text, expected] of ADDRESSES) {
    it(text, () => assert.equal(shown(readRemoteSource(text)), expected));
  }

  it('takes github.com/… for a repository as a context alone', () => {
    assert.equal(readRemoteSource('github.com/o/r'), undefined);
    assert.equal(shown(readContextAddress('github.com/o/r#b:d')), 'git https://github.com/o/r b d');
  });
});

function shown(source: ReturnType<typeof readRemoteSource>): string | undefined {
  if (source === undefined) return undefined;
  if (source.kind === 'fault') return source.message;
  if (source.kind === 'http') return `http ${source.fileName}`;
  const { remote, ref, subdirectory, checksum, keepsGitDirectory } = source;
  const more = [
    ...(checksum === undefined ? [] : [`checksum=${checksum}`]),
    ...(keepsGitDirectory === undefined ? [] : [`keeps=${keepsGitDirectory}`]),
  ];
  return ['git', remote, ref, subdirectory, ...more].join(' ').trimEnd();
}

describe('named contexts', () => {
  it('go by the short name of an image', () => {
    const names = ['x', 'x:latest', 'docker.io/library/x', 'docker.io/library/x:latest'];
    assert.deepEqual(names.map(contextName), ['x', 'x', 'x', 'x']);
    assert.equal(contextName('x:1'), 'x:1');
    assert.equal(contextName('host:5000/a/b:latest'), 'host:5000/a/b');
    const digest = `sha256:${'0'.repeat(64)}`;
    assert.equal(contextName(`x@${digest}`), `x@${digest}`);
    assert.equal(contextName(`docker.io/library/x:latest@${digest}`), `x:latest@${digest}`);
  });

  it('refuse other names in the words of buildx', () => {
    assert.throws(
      () => contextName('a b'),
      /^NaruError: invalid context name a b: invalid reference format$/,
    );
    assert.throws(() => contextName('X'), {
      kind: 'invalid-argument',
      code: 'E_CONTEXT_NAME',
      message: /^invalid context name X: .*repository name \(library\/X\) must be lowercase$/,
      hint: 'names are written as names of images: lower case, with a tag where one is meant',
    });
  });

  it('are found however the name is written, and by no other tag', () => {
    const contexts = new Map([['x', 'value']]);
    assert.equal(findNamedContext(contexts, 'docker.io/library/x:latest')?.value, 'value');
    assert.equal(findNamedContext(contexts, 'x:1'), undefined);
    assert.equal(findNamedContext(contexts, 'No Name'), undefined);
  });

  it('are what their value says', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const values: Readonly<Record<string, object>> = {
      'docker-image://a:1': { kind: 'image', reference: 'a:1' },
      'DOCKER-IMAGE://a': { kind: 'directory', path: 'DOCKER-IMAGE://a' },
      'oci-layout://../d': { kind: 'layout', path: '../d' },
      'oci-layout://../d:t': { kind: 'layout', path: '../d', tag: 't' },
      [`oci-layout://d@${digest}`]: { kind: 'layout', path: 'd', digest },
      [`oci-layout://d:t@${digest}`]: { kind: 'layout', path: 'd', tag: 't', digest },
      'oci-layout://d:v1.2-x': { kind: 'layout', path: 'd', tag: 'v1.2-x' },
      './docker-image://a': { kind: 'directory', path: './docker-image://a' },
      './oci-layout://d': { kind: 'directory', path: './oci-layout://d' },
      '../d': { kind: 'directory', path: '../d' },
      '': { kind: 'directory', path: '' },
    };
    for (const [value, expected] of Object.entries(values)) {
      assert.deepEqual({ ...readNamedContext(value) }, expected, value);
    }
  });
});
