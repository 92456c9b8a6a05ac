/** `--user` against passwd and group files. */

import assert from 'node:assert/strict';

import { resolveUser } from '../../../runtime/oci-runtime/users.ts';

const FILES = {
  passwd:
    '# people\nroot:x:0:0:root:/root:/bin/sh\nann:x:1000:100:Ann:/home/ann:/bin/sh\nbroken:x\n42:x:7:8::/n:\n',
  group: 'root:x:0:\nusers:x:100:\nwheel:x:10:root,ann\ndisk:x:6:ann\n',
};

describe('users', () => {
  const cases: readonly [string, readonly string[], object][] = [
    ['', [], { uid: 0, gid: 0, additionalGids: [0, 10], home: '/root' }],
    ['ann', [], { uid: 1000, gid: 100, additionalGids: [6, 10, 100], home: '/home/ann' }],
    ['1000', [], { uid: 1000, gid: 100, additionalGids: [6, 10, 100], home: '/home/ann' }],
    ['ann:wheel', [], { uid: 1000, gid: 10, additionalGids: [10], home: '/home/ann' }],
    ['5000', [], { uid: 5000, gid: 0, additionalGids: [0], home: '/' }],
    ['5000:6000', ['disk', '77'], { uid: 5000, gid: 6000, additionalGids: [6, 77, 6000], home: '/' }],
    ['42', [], { uid: 7, gid: 8, additionalGids: [8], home: '/n' }],
  ];
  for (const [spec, groups, expected] of cases) {
    it(`resolves "${spec}"${groups.length > 0 ? ` with ${groups.join(', ')}` : ''}`, () => {
      assert.deepEqual(resolveUser(spec, groups, FILES), expected);
    });
  }

  it('says what it does not find', () => {
    assert.throws(
      () => resolveUser('bob', [], FILES),
      /unable to find user bob: no matching entries in passwd file/,
    );
    assert.throws(
      () => resolveUser('ann:crew', [], FILES),
      /unable to find group crew: no matching entries in group file/,
    );
  });

  it('does without the files', () => {
    const none = { passwd: '', group: '' };
    assert.deepEqual(resolveUser('', [], none), { uid: 0, gid: 0, additionalGids: [0], home: '/' });
  });
});
