/** References, as distribution/reference reads them; cases follow its grammar and what docker CLI accepts and prints. */

import assert from 'node:assert/strict';
import fc from 'fast-check';

import { isErrorKind } from '../../../core/errors.ts';
import {
  canonicalReference,
  familiarName,
  familiarReference,
  parseReference,
  withDefaultTag,
} from '../../../core/oci/reference.ts';

const DIGEST = `sha256:${'a1'.repeat(32)}`;

describe('references', () => {
  for (const [text, canonical, familiar] of [
    ['busybox', 'docker.io/library/busybox', 'busybox'],
    ['busybox:1.36', 'docker.io/library/busybox:1.36', 'busybox:1.36'],
    ['library/busybox', 'docker.io/library/busybox', 'busybox'],
    ['docker.io/busybox', 'docker.io/library/busybox', 'busybox'],
    ['index.docker.io/busybox', 'docker.io/library/busybox', 'busybox'],
    ['docker.io/library/a/b', 'docker.io/library/a/b', 'library/a/b'],
    ['user/app', 'docker.io/user/app', 'user/app'],
    ['localhost/app', 'localhost/app', 'localhost/app'],
    ['LOCALHOST/app', 'LOCALHOST/app', 'LOCALHOST/app'],
    ['localhost:5000/a/b:c', 'localhost:5000/a/b:c', 'localhost:5000/a/b:c'],
    ['[::1]:5000/a', '[::1]:5000/a', '[::1]:5000/a'],
    ['example.com/a', 'example.com/a', 'example.com/a'],
    ['myhost/a', 'docker.io/myhost/a', 'myhost/a'],
    ['x/a__b-c--d.e/f', 'docker.io/x/a__b-c--d.e/f', 'x/a__b-c--d.e/f'],
    [`busybox@${DIGEST}`, `docker.io/library/busybox@${DIGEST}`, `busybox@${DIGEST}`],
    [`busybox:1@${DIGEST}`, `docker.io/library/busybox:1@${DIGEST}`, `busybox:1@${DIGEST}`],
    ['localhost:5000', 'docker.io/library/localhost:5000', 'localhost:5000'],
    [`a:${'t'.repeat(128)}`, `docker.io/library/a:${'t'.repeat(128)}`, `a:${'t'.repeat(128)}`],
  ] as const) {
    it(`${text.slice(0, 60)} is ${canonical.slice(0, 60)}`, () => {
      const reference = parseReference(text);
      assert.deepEqual([canonicalReference(reference), familiarReference(reference)], [canonical, familiar]);
    });
  }

  for (const [text, message] of [
    ['', 'invalid reference format'],
    [':latest', 'invalid reference format'],
    ['a:', 'invalid reference format'],
    ['a b', 'invalid reference format'],
    ['a//b', 'invalid reference format'],
    ['/a', 'invalid reference format'],
    ['a/', 'invalid reference format'],
    ['a@sha256:12', 'invalid reference format'],
    ['a___b', 'invalid reference format'],
    ['-a', 'invalid reference format'],
    ['a.-b', 'invalid reference format'],
    ['https://example.com/a', 'invalid reference format'],
    [`a:${'t'.repeat(129)}`, 'invalid reference format'],
    ['Busybox', 'invalid reference format: repository name (library/Busybox) must be lowercase'],
    ['example.com/Busybox:X', 'invalid reference format: repository name (Busybox) must be lowercase'],
    [
      'ab'.repeat(32),
      `invalid repository name (${'ab'.repeat(32)}), cannot specify 64-byte hexadecimal strings`,
    ],
    ['a'.repeat(256), 'repository name must not be more than 255 characters'],
  ] as const) {
    it(`refuses ${JSON.stringify(text.slice(0, 60))}`, () => {
      assert.throws(() => parseReference(text), { kind: 'invalid-argument', code: 'E_REFERENCE', message });
    });
  }

  it('add latest where nothing is said', () => {
    for (const [text, expected] of [
      ['a', 'a:latest'],
      ['a:1', 'a:1'],
      [`a@${DIGEST}`, `a@${DIGEST}`],
    ] as const) {
      assert.equal(familiarReference(withDefaultTag(parseReference(text))), expected);
    }
    assert.equal(familiarName(parseReference('a:1')), 'a');
  });

  it('read back what they print, whatever it was', () => {
    const piece = fc.stringMatching(/^[a-zA-Z0-9._:@/[\]-]{0,20}$/);
    const property = fc.property(fc.array(piece, { maxLength: 3 }), (pieces) => {
      const text = pieces.join('');
      try {
        const reference = parseReference(text);
        assert.deepEqual(parseReference(canonicalReference(reference)), reference);
        assert.deepEqual(parseReference(familiarReference(reference)), reference);
      } catch (error) {
        assert.ok(isErrorKind(error, 'invalid-argument'), String(error));
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });
});
