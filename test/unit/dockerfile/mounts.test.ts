/**
 * Values of RUN --mount with BuildKit's defaults. What is refused stands in test/golden/dockerfile.
 */

import assert from 'node:assert/strict';

import { readMount } from '../../../core/dockerfile/mounts.ts';

const mounts: readonly (readonly [value: string, mount: unknown])[] = [
  ['target=/a', { type: 'bind', target: '/a', isReadOnly: true, isRequired: false }],
  [
    'type=cache,dst=/a,id=b,sharing=locked,uid=1,gid=2,mode=0750',
    {
      type: 'cache',
      target: '/a',
      id: 'b',
      sharing: 'locked',
      uid: 1,
      gid: 2,
      mode: 0o750,
      isReadOnly: false,
      isRequired: false,
    },
  ],
  ['TYPE=Cache,destination=/a,ro', { type: 'cache', target: '/a', isReadOnly: true, isRequired: false }],
  [
    'type=tmpfs,target=/a,size=1.5k',
    { type: 'tmpfs', target: '/a', sizeBytes: 1536, isReadOnly: false, isRequired: false },
  ],
  [
    'type=secret,id=a,required,env=B',
    { type: 'secret', id: 'a', env: 'B', isReadOnly: true, isRequired: true },
  ],
  ['type=ssh,required=false', { type: 'ssh', isReadOnly: true, isRequired: false }],
  [
    'from=a,src=b,target=/c,rw',
    { type: 'bind', from: 'a', source: 'b', target: '/c', isReadOnly: false, isRequired: false },
  ],
  ['type=bind,"target=/a,b"', { type: 'bind', target: '/a,b', isReadOnly: true, isRequired: false }],
  [
    'type=bind,target=/a,readwrite=false',
    { type: 'bind', target: '/a', isReadOnly: true, isRequired: false },
  ],
];

describe('readMount', () => {
  for (const [value, mount] of mounts) {
    it(`reads ${value}`, () =>
      assert.deepEqual(
        readMount(value, (text) => text),
        { kind: 'mount', mount },
      ));
  }

  it('expands the values of fields', () => {
    const read = readMount('target=$a', (text) => text.replace('$a', '/x'));
    assert.equal(read.kind === 'mount' ? read.mount.target : undefined, '/x');
  });

  it('says nothing where a value cannot be expanded yet', () => {
    assert.deepEqual(
      readMount('type=$a,shared=1', () => undefined),
      { kind: 'unknown' },
    );
  });

  it('points at the field that is wrong', () => {
    const read = readMount('type=cache,taget=/a', (text) => text);
    assert.deepEqual(read.kind === 'fault' ? [read.fault.start, read.fault.end] : undefined, [11, 19]);
  });
});
