import assert from 'node:assert/strict';

import { decodeHostConfig } from '../../../core/engine-api/host-config.ts';
import { hostFromWire } from '../../../runtime/api/containers/wire/host-decoding.ts';
import { goFileMode } from '../../../runtime/api/containers/wire/path-stat.ts';
import { normalizePort, portsFromWire } from '../../../runtime/api/containers/wire/port-decoding.ts';
import { humanDuration } from '../../../runtime/api/containers/wire/status-text.ts';
import { matchesLabels, untilOf } from '../../../runtime/api/labels.ts';
import { frame } from '../../../runtime/api/stdcopy.ts';
import { instantNsOf } from '../../../runtime/api/timestamps.ts';
import { applyChanges } from '../../../runtime/engine/images/changes.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;

describe('humanDuration', () => {
  const cases: readonly (readonly [number, string])[] = [
    [400, 'Less than a second'],
    [1.5 * SECOND, '1 second'],
    [59 * SECOND, '59 seconds'],
    [61 * SECOND, 'About a minute'],
    [46 * 60 * SECOND, '46 minutes'],
    [1.2 * HOUR, 'About an hour'],
    [1.6 * HOUR, '2 hours'],
    [47 * HOUR, '47 hours'],
    [49 * HOUR, '2 days'],
    [15 * 24 * HOUR, '2 weeks'],
    [70 * 24 * HOUR, '2 months'],
    [800 * 24 * HOUR, '2 years'],
  ];
  for (const [ms, text] of cases) it(text, () => assert.equal(humanDuration(ms), text));
});

describe('ports on the wire', () => {
  it('get a protocol', () => {
    assert.deepEqual(['80', '80/tcp', '53/UDP'].map(normalizePort), ['80/tcp', '80/tcp', '53/udp']);
  });

  it('become bindings; an empty list asks for any port', () => {
    const wire = {
      '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8080' }],
      '53/udp': [],
      '9/tcp': [{ HostIp: '', HostPort: '90-92' }],
    };
    assert.deepEqual(portsFromWire(wire), [
      { containerPort: 80, protocol: 'tcp', hostIp: '127.0.0.1', hostPort: 8080 },
      { containerPort: 53, protocol: 'udp', hostIp: '', hostPort: 0 },
      { containerPort: 9, protocol: 'tcp', hostIp: '', hostPort: 90, lastHostPort: 92 },
    ]);
  });

  for (const text of ['', 'x', '0', '70000', '80/sctp']) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.throws(() => normalizePort(text), /invalid/));
  }
});

describe('hostFromWire', () => {
  it('leaves out what was not given', () => {
    const host = hostFromWire(
      decodeHostConfig({ Memory: 64, Binds: null, PidsLimit: 0, OomKillDisable: false }, ''),
    );
    assert.deepEqual(host, { memoryBytes: 64, oomKillDisable: false });
  });

  it('refuses GPUs instead of ignoring them', () => {
    assert.throws(() => hostFromWire(decodeHostConfig({ DeviceRequests: [{}] }, '')), /--gpus/);
  });
});

describe('goFileMode', () => {
  it('translates the type and the special bits', () => {
    assert.deepEqual([0o100644, 0o040755, 0o120777, 0o104755, 0o041777].map(goFileMode), [
      0o644,
      2 ** 31 + 0o755,
      2 ** 27 + 0o777,
      2 ** 23 + 0o755,
      2 ** 31 + 2 ** 20 + 0o777,
    ]);
  });
});

describe('frame', () => {
  it('has the stream number and the length before the bytes', () => {
    assert.deepEqual([...frame('stderr', Buffer.from('ab'))], [2, 0, 0, 0, 0, 0, 0, 2, 97, 98]);
  });
});

describe('times on the wire', () => {
  it('are seconds with decimals, or RFC 3339', () => {
    assert.equal(instantNsOf('since', '12.5'), 12_500_000_000n);
    assert.equal(instantNsOf('since', '1970-01-01T00:00:01Z'), 1_000_000_000n);
    assert.equal(instantNsOf('since', ''), undefined);
    assert.throws(() => instantNsOf('since', 'soon'), /"since"/);
  });

  it('until may be an age', () => {
    const now = new Date(10 * HOUR);
    assert.equal(untilOf(new Map([['until', ['1h30m']]]), now)?.getTime(), 8.5 * HOUR);
  });
});

describe('label filters', () => {
  it('all label values must hold, and no label! value', () => {
    const labels = { a: '1', b: '' };
    const holds = (filters: Readonly<Record<string, readonly string[]>>): boolean =>
      matchesLabels(labels, new Map(Object.entries(filters)));
    assert.deepEqual(
      [
        { label: ['a', 'b'] },
        { label: ['a=1', 'c'] },
        { label: ['a=2'] },
        { 'label!': ['c'] },
        { 'label!': ['a=1'] },
      ].map(holds),
      [true, false, false, true, false],
    );
  });
});

describe('applyChanges', () => {
  it('applies the instructions Docker accepts, in order', () => {
    const changes = [
      'ENV A=1 B="two words"',
      'CMD ["x","$A"]',
      'ENTRYPOINT run me',
      'EXPOSE 80',
      'WORKDIR sub',
      'LABEL l=v',
      'USER $A',
    ];
    assert.deepEqual(applyChanges({ Env: ['A=0'], WorkingDir: '/w' }, changes), {
      Env: ['A=1', 'B=two words'],
      Cmd: ['x', '$A'],
      Entrypoint: ['/bin/sh', '-c', 'run me'],
      ExposedPorts: { '80/tcp': {} },
      WorkingDir: '/w/sub',
      Labels: { l: 'v' },
      User: '1',
    });
  });

  it('refuses the others', () => {
    assert.throws(() => applyChanges({}, ['RUN x']), /run is not a valid change command/);
    assert.throws(() => applyChanges({}, ['NOPE x']), /unknown instruction/i);
  });
});
