/**
 * Values of RUN --mount with BuildKit's defaults. What is refused stands in test/golden/dockerfile.
 */

import assert from 'node:assert/strict';

import { type ReadMount, readMount } from '../../../core/dockerfile/mounts.ts';

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

const TYPE_FIRST = 'type= must stand before it, with a type that knows this key';
const ALIAS = 'begin a stage with FROM …$variable… AS <name> and write from=<name>';

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

  it('reads sizes as Docker does', () => {
    const sizes: readonly (readonly [string, number])[] = [
      ['0', 0],
      ['12', 12],
      ['12b', 12],
      ['1k', 1024],
      ['1K', 1024],
      ['10kb', 10_240],
      ['1KiB', 1024],
      ['1.25k', 1280],
      ['.75k', 768],
      ['1.k', 1024],
      ['2 m', 2_097_152],
      ['1g', 1_073_741_824],
    ];
    assert.deepEqual(
      sizes.map(([text]) => {
        const read = asWritten(`type=tmpfs,target=/a,size=${text}`);
        return [text, read.kind === 'mount' ? read.mount.sizeBytes : undefined];
      }),
      sizes,
    );
  });

  const faults: readonly (readonly [value: string, message: string, hint?: string])[] = [
    ['', 'failed to parse csv mounts: EOF'],
    ['type=tmpfs,size=x1k', 'invalid value for size: x1k', 'write a number with a unit, such as 64m'],
    ['type=tmpfs,size=1kx', 'invalid value for size: 1kx', 'write a number with a unit, such as 64m'],
    ['type=tmpfs,size=', 'invalid value for size: ', 'write a number with a unit, such as 64m'],
    ['size=1', "unexpected key 'size' for mount type 'bind'", TYPE_FIRST],
    ['required', "unexpected key 'required' for mount type 'bind'", TYPE_FIRST],
    ['type=cache,required=true', "unexpected key 'required' for mount type 'cache'", TYPE_FIRST],
    ['type=secret,id=a,required=yes', 'invalid value for required: yes', 'true or false'],
    ['ro=yes', 'invalid value for ro: yes', 'true or false'],
    ['target', "invalid field 'target' must be a key=value pair"],
    ['from=a$b', "'from' doesn't support variable expansion, define alias stage instead", ALIAS],
    ['type=cache,mode=8', 'invalid value 8 for mode', 'write an octal mode, such as 0755'],
    ['type=cache,mode=x7', 'invalid value x7 for mode', 'write an octal mode, such as 0755'],
    ['type=cache,mode=7x', 'invalid value 7x for mode', 'write an octal mode, such as 0755'],
    [
      'type=cache,mode=40000000000',
      'invalid value 40000000000 for mode',
      'write an octal mode, such as 0755',
    ],
    ['type=cache,uid=x1', 'invalid value x1 for uid', 'write a number'],
    ['type=cache,gid=1x', 'invalid value 1x for gid', 'write a number'],
    ['type=cache,uid=4294967296', 'invalid value 4294967296 for uid', 'write a number'],
    ['type=cache,sharing=Lock', 'unsupported sharing value "Lock"', 'one of shared, private, locked'],
    ['type=bind,sharing=shared', 'invalid cache sharing set for bind mount'],
    ['mode=7', 'mode not allowed for "bind" type mounts'],
    ['type=tmpfs,uid=7', 'uid not allowed for "tmpfs" type mounts'],
    ['gid=7', 'gid not allowed for "bind" type mounts'],
    ['type=secret', 'invalid secret mount. one of source, target required'],
    ['type=secret,id=,target=,source=', 'invalid secret mount. one of source, target required'],
    ['type=secret,id=a,source=b', "both source and id can't be set"],
    ['type=secret,id=a,from=b', 'secret mount should not have a from'],
    ['type=secret,id=a,sharing=shared', 'secret mount should not define sharing'],
  ];
  for (const [value, message, hint] of faults) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      const read = asWritten(value);
      assert.deepEqual(read.kind === 'fault' ? [read.fault.message, read.fault.hint] : read.kind, [
        message,
        hint,
      ]);
    });
  }

  it('takes what is at the edge of being refused', () => {
    const values = [
      'type=cache,uid=4294967295,gid=0,mode=0',
      'type=cache,uid=10,mode=1777',
      'type=secret,target=/a',
      'type=secret,source=a',
      'type=secret,id=a,from=',
      'type=secret,id=a,source=',
      'type=cache,sharing=LOCKED',
      'from=$',
      'from=a$',
      'type=ssh,required=T',
    ];
    assert.deepEqual(
      values.filter((value) => asWritten(value).kind !== 'mount'),
      [],
    );
  });
});

function asWritten(value: string): ReadMount {
  return readMount(value, (text) => text);
}
