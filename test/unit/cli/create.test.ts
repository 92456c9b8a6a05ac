/** Flags of `naru create` and `naru run` in the body that the engine gets, and what is said about wrong ones. */

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runNaru } from '../../support/naru-cli.ts';
import { type FakeEngine, fakeEngine, type Received, type Scripted } from '../driver/fake-engine.ts';

describe('flags of create', () => {
  let folder: string;
  let fake: FakeEngine;
  let answer: (request: Received) => Scripted;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'naru-create-'));
    writeFileSync(join(folder, 'env'), '# of the project\nA=from file\n\n  B=2 \nHOME_SWEET\n');
    writeFileSync(join(folder, 'labels'), 'x=1\ny\n');
    writeFileSync(join(folder, 'bad-env'), 'OK=1\nNOT A NAME=2\n');
    fake = await fakeEngine((request) => answer(request));
  });
  beforeEach(() => {
    fake.received.length = 0;
    answer = () => ({ status: 201, body: { Id: 'c0ffee', Warnings: [] } });
  });
  after(async () => {
    await fake?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function naru(args: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
    return runNaru(fake.host, args, { cwd: folder, env: { HOME_SWEET: 'home' } });
  }

  async function bodyOf(
    flags: readonly string[],
  ): Promise<Record<string, unknown> & { HostConfig: Record<string, unknown> }> {
    const { status, stderr } = await naru(['create', ...flags, 'img', 'cmd', '-x']);
    assert.equal(status, 0, stderr);
    return JSON.parse(fake.received.at(-1)?.body ?? ''); // what the client under test sent
  }

  it('reads variables and labels from files, flags after them', async () => {
    const body = await bodyOf(['--env-file', 'env', '-e', 'A=flag', '--label-file', 'labels', '-l', 'x=2']);
    assert.deepEqual(body['Env'], ['A=flag', 'B=2 ', 'HOME_SWEET=home']);
    assert.deepEqual(body['Labels'], { x: '2', y: '' });
    assert.deepEqual(body['Cmd'], ['cmd', '-x']);
  });

  it('knows the names that docker hides and scripts hold', async () => {
    const body = await bodyOf([
      '--net',
      'mine',
      '--net-alias',
      'a',
      '--dns-opt',
      'ndots:2',
      '--mac-address',
      '02-42-ac-11-00-0A',
    ]);
    assert.deepEqual(body.HostConfig['NetworkMode'], 'mine');
    assert.deepEqual(body.HostConfig['DnsOptions'], ['ndots:2']);
    const { mine } = (body['NetworkingConfig'] as { EndpointsConfig: Record<string, object> })
      .EndpointsConfig; // as sent
    assert.deepEqual(mine, { Aliases: ['a'] });
    assert.equal(body['MacAddress'], '02:42:ac:11:00:0A');
  });

  it('takes mounts and paths that are relative to here, whatever they are called', async () => {
    const { HostConfig } = await bodyOf([
      '-v',
      './a b%20#?:/x:ro',
      '-v',
      'vol:/y',
      '--tmpfs',
      '/tmp:size=1m',
      '--mount',
      'type=bind,src=./d,dst=/d,readonly',
      '--mount',
      'type=tmpfs,target=/t,tmpfs-size=1m,tmpfs-mode=1777',
      '--mount',
      'type=volume,source=v,target=/v,volume-nocopy,volume-label=a=b',
      '--volumes-from',
      'other:ro',
    ]);
    assert.deepEqual(HostConfig['Binds'], [`${folder}/a b%20#?:/x:ro`, 'vol:/y']);
    assert.deepEqual(HostConfig['Mounts'], [
      { Type: 'bind', Source: join(folder, 'd'), Target: '/d', ReadOnly: true },
      { Type: 'tmpfs', Target: '/t', TmpfsOptions: { SizeBytes: 1_048_576, Mode: 0o1777 } },
      { Type: 'volume', Source: 'v', Target: '/v', VolumeOptions: { NoCopy: true, Labels: { a: 'b' } } },
    ]);
    assert.deepEqual([HostConfig['Tmpfs'], HostConfig['VolumesFrom']], [{ '/tmp': 'size=1m' }, ['other:ro']]);
  });

  it('sets limits', async () => {
    const { HostConfig } = await bodyOf([
      '-m',
      '64m',
      '--memory-swap',
      '-1',
      '--cpus',
      '1.5',
      '-c',
      '512',
      '--cpuset-cpus',
      '0-1',
      '--pids-limit',
      '9',
      '--ulimit',
      'nofile=10:20',
      '--oom-score-adj',
      '-5',
      '--shm-size',
      '1m',
      '--restart',
      'on-failure:3',
    ]);
    const {
      Memory,
      MemorySwap,
      NanoCpus,
      CpuShares,
      CpusetCpus,
      PidsLimit,
      Ulimits,
      OomScoreAdj,
      ShmSize,
      RestartPolicy,
    } = HostConfig;
    assert.deepEqual(
      {
        Memory,
        MemorySwap,
        NanoCpus,
        CpuShares,
        CpusetCpus,
        PidsLimit,
        Ulimits,
        OomScoreAdj,
        ShmSize,
        RestartPolicy,
      },
      {
        Memory: 67_108_864,
        MemorySwap: -1,
        NanoCpus: 1_500_000_000,
        CpuShares: 512,
        CpusetCpus: '0-1',
        PidsLimit: 9,
        Ulimits: [{ Name: 'nofile', Soft: 10, Hard: 20 }],
        OomScoreAdj: -5,
        ShmSize: 1_048_576,
        RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 },
      },
    );
  });

  it('sets network, devices, logging and namespaces', async () => {
    const body = await bodyOf([
      '--network',
      'n',
      '--network-alias',
      'a',
      '--ip',
      '10.0.0.9',
      '--expose',
      '90/udp',
      '-p',
      '80',
      '--dns-search',
      'x.y',
      '--device',
      '/dev/fuse',
      '--device',
      '/dev/a:/dev/b:r',
      '--device',
      '/dev/c:rw',
      '--device-cgroup-rule',
      'c 1:* rw',
      '--device-read-bps',
      '/dev/a:1mb',
      '--device-write-iops',
      '/dev/a:7',
      '--blkio-weight-device',
      '/dev/a:20',
      '--memory-swappiness',
      '0',
      '--sysctl',
      'net.x=1',
      '--log-driver',
      'none',
      '--log-opt',
      'max-size=1m',
      '--pid',
      'host',
      '--userns',
      'host',
      '--group-add',
      '7',
    ]);
    const { HostConfig } = body;
    assert.deepEqual(body['NetworkingConfig'], {
      EndpointsConfig: { n: { Aliases: ['a'], IPAMConfig: { IPv4Address: '10.0.0.9' } } },
    });
    assert.deepEqual(body['ExposedPorts'], { '80/tcp': {}, '90/udp': {} });
    assert.deepEqual(HostConfig['PortBindings'], { '80/tcp': [{ HostIp: '', HostPort: '' }] });
    assert.deepEqual(HostConfig['DeviceCgroupRules'], ['c 1:* rw']);
    assert.deepEqual(HostConfig['BlkioDeviceReadBps'], [{ Path: '/dev/a', Rate: 1048576 }]);
    assert.deepEqual(HostConfig['BlkioDeviceWriteIOps'], [{ Path: '/dev/a', Rate: 7 }]);
    assert.deepEqual(HostConfig['BlkioWeightDevice'], [{ Path: '/dev/a', Weight: 20 }]);
    assert.equal(HostConfig['MemorySwappiness'], 0);
    assert.deepEqual(HostConfig['Devices'], [
      { PathOnHost: '/dev/fuse', PathInContainer: '/dev/fuse', CgroupPermissions: 'rwm' },
      { PathOnHost: '/dev/a', PathInContainer: '/dev/b', CgroupPermissions: 'r' },
      { PathOnHost: '/dev/c', PathInContainer: '/dev/c', CgroupPermissions: 'rw' },
    ]);
    const { DnsSearch, Sysctls, LogConfig, PidMode, UsernsMode, GroupAdd } = HostConfig;
    assert.deepEqual(
      { DnsSearch, Sysctls, LogConfig, PidMode, UsernsMode, GroupAdd },
      {
        DnsSearch: ['x.y'],
        Sysctls: { 'net.x': '1' },
        LogConfig: { Type: 'none', Config: { 'max-size': '1m' } },
        PidMode: 'host',
        UsernsMode: 'host',
        GroupAdd: ['7'],
      },
    );
  });

  it('joins several networks, each with what is said of it', async () => {
    const body = await bodyOf([
      '--network',
      'a',
      '--network',
      'name=b,alias=x,alias=y,ip=10.0.0.9',
      '--ip',
      '10.1.0.2',
    ]);
    assert.equal(body.HostConfig['NetworkMode'], 'a');
    assert.deepEqual(body['NetworkingConfig'], {
      EndpointsConfig: {
        a: { IPAMConfig: { IPv4Address: '10.1.0.2' } },
        b: { Aliases: ['x', 'y'], IPAMConfig: { IPv4Address: '10.0.0.9' } },
      },
    });
    assert.deepEqual((await bodyOf(['--net', 'a', '--network', 'b']))['NetworkingConfig'], {
      EndpointsConfig: { b: {}, a: {} },
    });
  });

  it('sets a health check, or none', async () => {
    const flags = ['--health-cmd', 'true || false', '--health-interval', '1m30s', '--health-retries', '2'];
    assert.deepEqual((await bodyOf(flags))['Healthcheck'], {
      Test: ['CMD-SHELL', 'true || false'],
      Interval: 90_000_000_000,
      Retries: 2,
    });
    assert.deepEqual((await bodyOf(['--no-healthcheck']))['Healthcheck'], { Test: ['NONE'] });
  });

  it('empties the entrypoint of the image', async () => {
    assert.deepEqual((await bodyOf(['--entrypoint', '']))['Entrypoint'], ['']);
  });

  const mistakes: readonly (readonly [flags: readonly string[], message: RegExp])[] = [
    [['--env-file', 'nope'], /^naru: --env-file: cannot read nope: no such file or directory\n/],
    [
      ['--env-file', 'bad-env'],
      /^naru: --env-file: bad-env:2: "NOT A NAME" is not a name\n +write NAME=value/,
    ],
    [['--mount', 'type=bind,target=/x'], /^naru: --mount type=bind,target=\/x: a bind needs a source\n/],
    [['--mount', 'typ=bind'], /unknown field "typ"/],
    [
      ['--network', 'alias=x'],
      /invalid argument "alias=x" for "--network" flag: network name\/id is not specified/,
    ],
    [['--network', 'name=a,ipp=1'], /invalid key ipp, known are name, alias, ip and ip6/],
    [
      ['--network', 'name=a,alias=x', '--network-alias', 'y'],
      /cannot specify both --network-alias and per-network alias/,
    ],
    [['--mount', 'type=foo,target=/x'], /unknown type "foo"/],
    [['--mount', 'type=bind,source=a'], /target is missing/],
    [['--device', 'a:b:c:d'], /^naru: --device: "a:b:c:d" is not a device\n/],
    [
      ['--device-cgroup-rule', 'c 1 rwm'],
      /^naru: --device-cgroup-rule: "c 1 rwm" is not a rule for devices\n.*"c 1:3 rwm"/,
    ],
    [['--device-read-bps', '/dev/a'], /^naru: --device-read-bps: "\/dev\/a" is not a device and a number\n/],
    [['--device-write-bps', 'a:1mb'], /is not a device and a number/],
    [['--device-read-iops', '/dev/a:1mb'], /^naru: --device-read-iops: "1mb" is not a number/],
    [['--blkio-weight-device', '/dev/a:'], /is not a device and a number/],
    [['--restart', 'sometimes'], /^naru: --restart: "sometimes" is not a policy\n/],
    [['--restart', 'always:3'], /is not a policy/],
    [['--memory', 'lots'], /^naru: --memory: "lots" is not a size\n/],
    [['--cpus', 'two'], /^naru: --cpus: "two" is not a number/],
    [['--health-interval', '5'], /^naru: --health-interval: "5" is not a duration\n/],
    [['--ulimit', 'nofile'], /^naru: --ulimit: "nofile" is not name=soft/],
    [['--gpus', 'all'], /^naru: --gpus: GPUs are not supported yet\n +--device/],
    [['-p', 'x:y'], /^naru: invalid port "x:y"\n/],
    [['-p', '1.2.3.4.5:80:80'], /^naru: invalid port "1.2.3.4.5:80:80"\n/],
    [['-p', 'localhost:80:80'], /^naru: invalid port "localhost:80:80"\n/],
    [['--mac-address', '02:42'], /^naru: --mac-address: 02:42 is not a valid mac address\n/],
    [
      ['--no-healthcheck', '--health-cmd', 'x'],
      /^naru: --no-healthcheck conflicts with --health-\* options\n/,
    ],
  ];
  for (const [flags, message] of mistakes) {
    it(`says what is wrong with ${flags.join(' ')}, and asks the engine nothing`, async () => {
      const { status, stderr } = await naru(['create', ...flags, 'img']);
      assert.equal(status, 125);
      assert.match(stderr, message);
      assert.deepEqual(fake.received, []);
    });
  }

  it('writes the id to a file that was not there, and leaves none when nothing was made', async () => {
    assert.equal((await naru(['create', '--cidfile', 'id', 'img'])).status, 0);
    assert.equal(readFileSync(join(folder, 'id'), 'utf8'), 'c0ffee');
    const again = await naru(['create', '--cidfile', 'id', 'img']);
    assert.deepEqual([again.status, fake.received.length], [1, 1]); // docker 28.5.2: 125 is run's alone
    assert.match(again.stderr, /--cidfile: .*id is there already\n/);
    answer = () => ({ status: 409, body: { message: 'no' } });
    assert.equal((await naru(['create', '--cidfile', 'id2', 'img'])).status, 1);
    assert.equal(existsSync(join(folder, 'id2')), false);
  });
});

describe('an image that is not there', () => {
  const missing = { status: 404, body: { message: 'No such image: img:latest' } };
  let fake: FakeEngine;
  let isPulled = false;
  let pull: Scripted;

  before(async () => {
    fake = await fakeEngine(({ url }) => {
      if (url.includes('/images/create')) {
        isPulled = pull.status === undefined;
        return pull;
      }
      return isPulled ? { status: 201, body: { Id: 'c0ffee', Warnings: [] } } : missing;
    });
  });
  beforeEach(() => {
    isPulled = false;
    fake.received.length = 0;
  });
  after(() => fake?.close());

  it('is fetched where the engine can', async () => {
    pull = { chunks: ['{"status":"Pulling from library/img","id":"latest"}\n'] };
    const { status, stdout, stderr } = await runNaru(fake.host, ['create', 'img']);
    assert.deepEqual([status, stdout, stderr], [0, 'c0ffee\n', 'latest: Pulling from library/img\n']);
  });

  it('is not fetched with --pull never', async () => {
    const { status, stderr } = await runNaru(fake.host, ['create', '--pull', 'never', 'img']);
    assert.deepEqual([status, fake.received.length], [1, 1]);
    assert.match(stderr, /No such image: img:latest/);
  });

  it('is said with what to do where the engine cannot fetch', async () => {
    pull = { status: 501, body: { message: 'pulling is not implemented' } };
    const { status, stderr } = await runNaru(fake.host, ['run', 'img']);
    assert.equal(status, 125);
    assert.match(
      stderr,
      /^naru: No such image: img:latest\n +naru images lists what is here; .* naru load -i FILE\n$/,
    );
  });
});
