/** Pure parts of containers: merged configs, mounts as asked, health, restarts, names, filters. */

import assert from 'node:assert/strict';

import { DetachKeys } from '../../core/engine-api/detach-keys.ts';
import { mergeConfig } from '../../runtime/engine/containers/create/merge-config.ts';
import { clean, parseBind, wantedMounts } from '../../runtime/engine/containers/create/mount-requests.ts';
import { makeName, checkName } from '../../runtime/engine/containers/names.ts';
import { parseNetDev } from '../../runtime/engine/containers/observe/stats.ts';
import { selectProcesses } from '../../runtime/engine/containers/observe/top.ts';
import { hostsFile, resolvFile } from '../../runtime/engine/containers/run/etc-files.ts';
import { nextHealth, scheduleOf } from '../../runtime/engine/containers/run/health.ts';
import { restartPauseMs, shouldRestart } from '../../runtime/engine/containers/run/restart-policy.ts';
import { signalNumber } from '../../runtime/engine/containers/run/signals.ts';

describe('container config', () => {
  const image = {
    Entrypoint: ['ep'],
    Cmd: ['c'],
    Env: ['PATH=/bin', 'A=image'],
    User: 'u',
    WorkingDir: '/w',
    Labels: { a: '1', b: '1' },
  };

  it('is the request over the image', () => {
    const merged = mergeConfig({ image: 'x', env: ['A=own'], labels: { b: '2' } }, image);
    assert.deepEqual(merged.env, ['A=own', 'PATH=/bin']);
    assert.deepEqual(merged.labels, { a: '1', b: '2' });
    assert.deepEqual(
      [merged.user, merged.workingDir, merged.entrypoint, merged.cmd],
      ['u', '/w', ['ep'], ['c']],
    );
  });

  const commands: readonly [object, object][] = [
    [{ cmd: ['x'] }, { entrypoint: ['ep'], cmd: ['x'] }],
    [{ entrypoint: ['own'] }, { entrypoint: ['own'], cmd: [] }],
    [
      { entrypoint: [''], cmd: ['x'] },
      { entrypoint: [], cmd: ['x'] },
    ],
  ];
  for (const [request, expected] of commands) {
    it(`runs ${JSON.stringify(request)}`, () => {
      const { entrypoint, cmd } = mergeConfig({ image: 'x', ...request }, image);
      assert.deepEqual({ entrypoint, cmd }, expected);
    });
  }

  it('needs something to run', () => {
    assert.throws(() => mergeConfig({ image: 'x' }, {}), /no command specified/);
  });
});

describe('mounts', () => {
  it('are read from -v', () => {
    assert.deepEqual(parseBind('/h/../x:/c/:ro,rslave'), {
      type: 'bind',
      source: '/x',
      target: '/c',
      readOnly: true,
      bind: { propagation: 'rslave' },
      mode: 'ro,rslave',
      needsSource: false,
    });
    assert.equal(parseBind('name:/c').type, 'volume');
  });

  it('hide volumes of the image and of other containers', () => {
    const inherited = ['/a', '/b'].map((destination) => ({
      type: 'volume' as const,
      name: 'v',
      source: '/v',
      destination,
      mode: '',
      isWritable: true,
      propagation: '',
      isAnonymous: false,
    }));
    const wanted = wantedMounts(
      { image: 'x', volumes: ['/a', '/b', '/c', '/d/'] },
      { binds: ['n:/a'], tmpfs: { '/c': '' } },
      inherited,
    );
    assert.deepEqual(
      wanted.mounts.map(({ target }) => target),
      ['/a', '/d'],
    );
    assert.deepEqual(
      wanted.inherited.map(({ destination }) => destination),
      ['/b'],
    );
  });

  it('have clean paths', () => {
    assert.deepEqual(['//a/./b/../c/', '..', '/'].map(clean), ['/a/c', '/', '/']);
  });
});

describe('health', () => {
  const result = (exitCode: number) => ({
    startedAt: new Date(0),
    endedAt: new Date(0),
    exitCode,
    output: '',
  });

  it('is judged by retries and the start period', () => {
    const starting = { status: 'starting', failingStreak: 0, log: [] } as const;
    const early = nextHealth(starting, result(1), { retries: 1, isInStartPeriod: true });
    assert.deepEqual([early.status, early.failingStreak], ['starting', 0]);
    const first = nextHealth(starting, result(1), { retries: 2, isInStartPeriod: false });
    const second = nextHealth(first, result(1), { retries: 2, isInStartPeriod: false });
    assert.deepEqual([first.status, second.status], ['starting', 'unhealthy']);
    assert.equal(nextHealth(second, result(0), { retries: 2, isInStartPeriod: false }).status, 'healthy');
  });

  it("has Docker's defaults", () => {
    assert.deepEqual(scheduleOf({ Test: ['CMD-SHELL', 'x'], Interval: 2e9 }, undefined), {
      test: ['/bin/sh', '-c', 'x'],
      intervalMs: 2000,
      timeoutMs: 30_000,
      startPeriodMs: 0,
      startIntervalMs: 5000,
      retries: 3,
    });
    assert.equal(scheduleOf({ Test: ['NONE'] }, undefined), undefined);
  });
});

describe('restart policies', () => {
  const ended = { exitCode: 1, restartCount: 2, wasAsked: false };
  it('decide', () => {
    assert.equal(shouldRestart({ name: 'on-failure', maximumRetryCount: 3 }, ended), true);
    assert.equal(shouldRestart({ name: 'on-failure', maximumRetryCount: 2 }, ended), false);
    assert.equal(
      shouldRestart({ name: 'on-failure', maximumRetryCount: 0 }, { ...ended, exitCode: 0 }),
      false,
    );
    assert.equal(
      shouldRestart({ name: 'always', maximumRetryCount: 0 }, { ...ended, wasAsked: true }),
      false,
    );
    assert.equal(shouldRestart(undefined, ended), false);
  });

  it('wait longer each time, up to a minute', () => {
    assert.deepEqual([1, 2, 3, 20].map(restartPauseMs), [100, 200, 400, 60_000]);
  });
});

describe('small readers', () => {
  it('signals', () => {
    assert.deepEqual(['TERM', 'sigkill', '15', 'RTMIN+3'].map(signalNumber), [15, 9, 15, 37]);
    assert.throws(() => signalNumber('0'), /invalid signal: 0/);
  });

  it('detach keys, also across chunks', () => {
    const keys = new DetachKeys(undefined);
    assert.deepEqual(keys.accept(Buffer.from('a\x10')), { data: Uint8Array.of(97), isDetach: false });
    assert.deepEqual(keys.accept(Buffer.from('b')), { data: Uint8Array.of(16, 98), isDetach: false });
    assert.equal(keys.accept(Buffer.from('\x10\x11')).isDetach, true);
    assert.throws(() => new DetachKeys('ctrl-é'), /Invalid detach keys/);
  });

  it('ps output', () => {
    const output = '  PID COMMAND\n   12 sh -c  x\n   13 other\n';
    assert.deepEqual(selectProcesses(output, new Set(['12'])), {
      titles: ['PID', 'COMMAND'],
      processes: [['12', 'sh -c x']],
    });
    assert.throws(() => selectProcesses('A B\n', new Set()), /Couldn't find PID field/);
  });

  it('network counters', () => {
    const line =
      'Inter-|\n face |\n    lo: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n  eth0: 10 2 3 4 0 0 0 0 50 6 7 8 0 0 0 0\n';
    assert.deepEqual(parseNetDev(line), {
      eth0: {
        rxBytes: 10,
        rxPackets: 2,
        rxErrors: 3,
        rxDropped: 4,
        txBytes: 50,
        txPackets: 6,
        txErrors: 7,
        txDropped: 8,
      },
    });
  });

  it('names', () => {
    assert.match(
      makeName(() => false),
      /^[a-z]+_[a-z]+$/,
    );
    assert.match(
      makeName((name) => /^[a-z]+_[a-z]+$/.test(name)),
      /^[a-z]+_[a-z]+\d$/,
    );
    assert.throws(() => checkName('-x'), /Invalid container name \(-x\), only/);
  });
});

describe('/etc files', () => {
  it('hosts', () => {
    const endpoint = {
      networkId: '',
      networkName: '',
      endpointId: '',
      ipv4Address: '10.0.0.2',
      prefixLength: 24,
      gateway: '10.0.0.1',
      macAddress: '',
      aliases: [],
      interfaceName: '',
    };
    const text = hostsFile({
      hostname: 'h',
      domainname: 'd',
      extraHosts: ['x:1.2.3.4', 'g=host-gateway', 'six:[::5]'],
      links: ['10.0.0.9\tdb'],
      endpoints: [endpoint],
    });
    assert.deepEqual(text.trimEnd().split('\n').slice(-5), [
      '1.2.3.4\tx',
      '10.0.0.1\tg',
      '::5\tsix',
      '10.0.0.9\tdb',
      '10.0.0.2\th.d h',
    ]);
  });

  it('resolv.conf', () => {
    const hostFile = 'nameserver 9.9.9.9\nsearch a b\noptions edns0\n';
    const made = (search?: readonly string[]) =>
      resolvFile({ nameservers: ['1.1.1.1'], search, options: undefined, hostFile });
    assert.equal(made(), 'nameserver 1.1.1.1\nsearch a b\noptions edns0\n');
    assert.equal(made(['.']), 'nameserver 1.1.1.1\noptions edns0\n');
  });
});
