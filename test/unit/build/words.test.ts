/** Words of instructions and options as Docker reads them: ports, signals, sizes, platforms, and build arguments that nothing takes. */

import assert from 'node:assert/strict';

import { parseByteSize } from '../../../core/dockerfile/byte-size.ts';
import { readExposedPorts } from '../../../core/build/exposed-ports.ts';
import { readFromPlatform } from '../../../core/build/from-platform.ts';
import { globalArgs } from '../../../core/build/global-args.ts';
import { type BuildOptions, defaultBuildOptions, fileEpoch } from '../../../core/build/options.ts';
import { planBuild } from '../../../core/build/plan.ts';
import { projectId } from '../../../core/build/project-id.ts';
import { isStopSignal } from '../../../core/build/stop-signal.ts';
import { lastComponent, resolvePath } from '../../../core/build/unix-path.ts';
import { unusedArgs } from '../../../core/build/unused-args.ts';
import { readDockerfile } from '../../../core/dockerfile/read.ts';

const PLATFORM = { os: 'linux', architecture: 'amd64' };

describe('ports', () => {
  const cases: readonly (readonly [string, readonly string[] | string])[] = [
    ['80', ['80/tcp']],
    ['80/', ['80/tcp']],
    ['80/UDP', ['80/udp']],
    ['80/sctp', ['80/sctp']],
    ['65535', ['65535/tcp']],
    ['0', ['0/tcp']],
    ['80-82', ['80/tcp', '81/tcp', '82/tcp']],
    ['80-80', ['80/tcp']],
    ['8080:80', ['80/tcp']],
    ['127.0.0.1:8080:80', ['80/tcp']],
    ['1-3:4-6/udp', ['4/udp', '5/udp', '6/udp']],
    ['1-3:4', ['4/tcp']],
    ['1-2:4-6', 'invalid ranges specified for container and host Ports: 4-6 and 1-2'],
    ['', 'no port specified: <empty>'],
    ['/tcp', 'no port specified: /tcp<empty>'],
    ['80:', 'no port specified: 80:<empty>'],
    ['65536', 'invalid containerPort: 65536'],
    ['2-1', 'invalid containerPort: 2-1'],
    ['80x', 'invalid containerPort: 80x'],
    ['x80', 'invalid containerPort: x80'],
    ['x:80', 'invalid hostPort: x'],
    ['65536:80', 'invalid hostPort: 65536'],
    ['80/icmp', 'invalid port: "80/icmp": invalid proto: icmp'],
  ];
  for (const [text, answer] of cases) {
    it(`${JSON.stringify(text)}: ${typeof answer === 'string' ? answer : answer.join(' ')}`, () => {
      assert.deepEqual(
        readExposedPorts(text),
        typeof answer === 'string' ? { fault: answer } : { ports: answer },
      );
    });
  }
});

describe('modes', () => {
  it('that nobody reads are named beside words that do not name them', async () => {
    const { problems } = await planBuild(
      readDockerfile('FROM scratch\nCOPY --chmod=zz a /\n').value,
      defaultBuildOptions(PLATFORM),
      async () => undefined,
    );
    assert.deepEqual(
      problems.map(({ message, hint }) => [message, hint]),
      [['invalid syntax', '--chmod=zz is neither octal, as 644, nor symbolic, as u=rw,go=r']],
    );
  });
});

describe('signals', () => {
  const taken =
    '1 9 64 200 +9 -9 TERM SIGTERM sigterm term SigKill KILL RTMIN RTMAX RTMIN+1 SIGRTMIN+15 RTMAX-1 RTMAX-14 CLD IOT';
  const refused =
    '0 -0 +0 x SIG SIGSIGTERM TERMSIG 9x x9 - RTMIN+0 RTMIN+16 RTMAX-0 RTMAX-15 RTMIN-1 RTMAX+1 XRTMIN+1 RTMIN+1X RTMIN+ NOPE';
  it('are names and numbers', () => {
    assert.deepEqual(taken.split(' ').filter(isStopSignal), taken.split(' '));
    assert.deepEqual(refused.split(' ').filter(isStopSignal), []);
    assert.equal(isStopSignal(''), false);
  });
});

describe('sizes', () => {
  const cases: readonly (readonly [string, number | undefined])[] = [
    ['0', 0],
    ['12', 12],
    ['12b', 12],
    ['1k', 1024],
    ['1K', 1024],
    ['1kb', 1024],
    ['1KiB', 1024],
    ['1.5m', 1_572_864],
    ['1.25k', 1280],
    ['2 g', 2_147_483_648],
    ['1t', 1_099_511_627_776],
    ['1p', 1_125_899_906_842_624],
    ['1.0001', 1],
    ['1.', 1],
    ['.5k', 512],
    ['+1k', 1024],
    ['1e3', 1000],
    ['1 ', 1],
    ['5 b', 5],
    ['', undefined],
    ['k', undefined],
    ['1x', undefined],
    ['x1', undefined],
    ['1k1', undefined],
    ['1  k', undefined],
    ['-1', undefined],
    ['.', undefined],
    ['1.5.5', undefined],
    ['0x10', undefined],
    [' 1', undefined],
    ['1ib', undefined],
    ['1bb', undefined],
    ['1bib', undefined],
    ['1ki', undefined],
    ['1kbb', undefined],
    ['k1', undefined],
  ];
  it('are counted in powers of 1024', () => {
    assert.deepEqual(
      cases.map(([text]) => [text, parseByteSize(text)]),
      cases,
    );
  });
});

describe('platforms of FROM', () => {
  const read = (text: string, guess?: string) =>
    readFromPlatform({ written: '$P', text, guess }, { ...PLATFORM, variant: 'v2' });
  it('are whole, or one part of the builder’s', () => {
    assert.deepEqual(read('linux/arm64'), { platform: { os: 'linux', architecture: 'arm64' } });
    assert.deepEqual(read('linux/arm/v7'), { platform: { os: 'linux', architecture: 'arm', variant: 'v7' } });
    assert.deepEqual(read('Linux'), { platform: { os: 'linux', architecture: 'amd64', variant: 'v2' } });
    assert.deepEqual(read('macos'), { platform: { os: 'darwin', architecture: 'amd64', variant: 'v2' } });
    assert.deepEqual(read('freebsd'), { platform: { os: 'freebsd', architecture: 'amd64', variant: 'v2' } });
    assert.deepEqual(read('AARCH64'), { platform: { os: 'linux', architecture: 'arm64' } });
    assert.deepEqual(read('x86_64'), { platform: { os: 'linux', architecture: 'amd64' } });
  });

  it('are refused with what an unknown variable may have meant', () => {
    assert.deepEqual(read('', 'BUILDPLATFORM'), {
      fault: 'empty platform value from expression $P (did you mean BUILDPLATFORM?)',
    });
    assert.ok('platform' in read('arm64', 'BUILDPLATFORM'));
  });

  it('are refused in the words of containerd', () => {
    assert.deepEqual(
      ['', 'nope', 'a/b/c/d', 'windows/amd64', 'Windows'].map((text) => {
        const answer = read(text);
        return 'fault' in answer ? answer.fault : 'taken';
      }),
      [
        'empty platform value from expression $P',
        'failed to parse platform $P: "nope": unknown operating system or architecture: invalid argument',
        'failed to parse platform $P: "a/b/c/d": cannot parse platform specifier: invalid argument',
        'windows base images are unsupported: this engine builds Linux images',
        'windows base images are unsupported: this engine builds Linux images',
      ],
    );
  });
});

describe('build arguments', () => {
  async function unused(
    text: string,
    names: string,
    options: Partial<BuildOptions> = {},
  ): Promise<readonly string[]> {
    const { value: dockerfile } = readDockerfile(text);
    const buildArgs = new Map(names.split(' ').map((name) => [name, '1']));
    const all = { ...defaultBuildOptions(PLATFORM), ...options, buildArgs };
    const onBuild = { OnBuild: ['ARG IN_TRIGGER=1   SECOND', 'RUN ARG NOT'] };
    const { value: plan } = await planBuild(dockerfile, all, async (reference) => ({
      reference,
      digest: `sha256:${'0'.repeat(64)}` as never,
      config: {
        ...PLATFORM,
        config: reference === 'triggers' ? onBuild : {},
        rootfs: { type: 'layers', diff_ids: [] },
      },
      isLocal: true,
      pullBytes: 0,
    }));
    assert.ok(plan);
    return unusedArgs(dockerfile, plan, all);
  }

  it('that no ARG takes are told in alphabetical order', async () => {
    const text = 'ARG TOP\nFROM a AS one\nARG IN_ONE B=2\nENV E=1\nFROM a\nARG LAST\n';
    assert.deepEqual(await unused(text, 'Z TOP IN_ONE B LAST E A'), ['A', 'E', 'Z']);
  });

  it('are taken by stages that the target does not need, and by triggers of its base', async () => {
    assert.deepEqual(await unused('FROM a AS one\nARG X\nFROM a\n', 'X'), []);
    assert.deepEqual(await unused('FROM triggers\nRUN x\n', 'IN_TRIGGER SECOND NOT ARG'), ['ARG', 'NOT']);
  });

  it('of the builder itself need no ARG', async () => {
    const own =
      'BUILDKIT_INLINE_CACHE SOURCE_DATE_EPOCH TARGETPLATFORM TARGETOS TARGETOSVERSION TARGETARCH TARGETVARIANT TARGETSTAGE BUILDPLATFORM BUILDOS BUILDARCH BUILDVARIANT HTTP_PROXY http_proxy no_proxy ALL_PROXY';
    assert.deepEqual(await unused('FROM a\n', own), []);
    const others =
      'XBUILDKIT_A BUILDKIT_ BUILDKIT_A-B SOURCE_DATE_EPOCHS TARGETNOPE targetos Http_Proxy MY_TARGETOS';
    assert.deepEqual(await unused('FROM a\n', others), others.split(' ').toSorted());
  });
});

describe('defaults', () => {
  it('are those of a command line without flags', () => {
    assert.deepEqual(defaultBuildOptions(PLATFORM), {
      buildArgs: new Map(),
      platform: PLATFORM,
      buildPlatform: PLATFORM,
      labels: new Map(),
      noCache: false,
      noCacheFilter: [],
      extraHosts: [],
      network: 'default',
      ulimits: [],
      secretIds: [],
      sshIds: [],
      allowed: [],
      buildContexts: new Map(),
    });
  });

  it('tell projects apart by their Dockerfile and their context', () => {
    const ids = [projectId('/a', '/b'), projectId('/b', '/a'), projectId('/a', '/c'), projectId('/ab', '')];
    assert.equal(new Set(ids).size, 4);
    assert.equal(projectId('/a', '/b'), ids[0]);
    assert.match(ids.join(), /^(?:[0-9a-f]{32},?){4}$/);
  });
});

describe('paths in images', () => {
  it('are absolute and clean', () => {
    const cases: readonly (readonly [string, string, string])[] = [
      ['/', 'a', '/a'],
      ['/w', 'a/../b/', '/w/b'],
      ['/w', '/a//b/', '/a/b'],
      ['/w', '..', '/'],
      ['/w', '', '/w'],
      ['/', '', '/'],
    ];
    assert.deepEqual(
      cases.map(([directory, path]) => [directory, path, resolvePath(directory, path)]),
      cases,
    );
    assert.deepEqual(['/a/b', '/a/b///', 'a', '/', ''].map(lastComponent), ['b', 'b', 'a', '', '']);
  });
});

describe('arguments before the first FROM', () => {
  function globals(
    dockerfile: string,
    options: Partial<BuildOptions> = {},
  ): Readonly<Record<string, string>> {
    const all = { ...defaultBuildOptions(PLATFORM), ...options };
    return Object.fromEntries(globalArgs(readDockerfile(dockerfile).value, all, []));
  }
  const arm = { os: 'linux', architecture: 'arm', variant: 'v7' };

  it('are those of the platforms', () => {
    assert.deepEqual(globals('FROM a\n', { platform: arm }), {
      BUILDPLATFORM: 'linux/amd64',
      BUILDOS: 'linux',
      BUILDOSVERSION: '',
      BUILDARCH: 'amd64',
      BUILDVARIANT: '',
      TARGETPLATFORM: 'linux/arm/v7',
      TARGETOS: 'linux',
      TARGETOSVERSION: '',
      TARGETARCH: 'arm',
      TARGETVARIANT: 'v7',
      TARGETSTAGE: 'default',
    });
    const turned = globals('FROM a\n', { buildPlatform: arm });
    assert.deepEqual([turned['BUILDVARIANT'], turned['TARGETVARIANT']], ['v7', '']);
  });

  it('name the stage that is built', () => {
    const stage = (dockerfile: string, target?: string): string | undefined =>
      globals(dockerfile, target === undefined ? {} : { target })['TARGETSTAGE'];
    assert.equal(stage('FROM a AS one\nFROM b AS two\n'), 'two');
    assert.equal(stage('FROM a AS one\nFROM b\n'), 'default');
    assert.equal(stage('FROM a AS one\nFROM b AS two\n', 'one'), 'one');
    assert.equal(stage(''), 'default');
  });

  it('are what the caller says, where it says something', () => {
    const buildArgs = new Map([
      ['TARGETARCH', 'mine'],
      ['A', 'given'],
      ['UNASKED', 'x'],
    ]);
    const { TARGETARCH, TARGETPLATFORM, A, B, C, UNASKED } = globals(
      'ARG A=1\nARG B=$A-$TARGETARCH C\nFROM a\n',
      { buildArgs },
    );
    assert.deepEqual(
      [TARGETARCH, TARGETPLATFORM, A, B, C, UNASKED],
      ['mine', 'linux/amd64', 'given', 'given-mine', undefined, undefined],
    );
  });
});

describe('the time of files', () => {
  it('is the epoch, unless files keep theirs', () => {
    const options = defaultBuildOptions(PLATFORM);
    assert.equal(fileEpoch(options), undefined);
    assert.equal(fileEpoch({ ...options, sourceDateEpoch: 5 }), 5);
    assert.equal(fileEpoch({ ...options, sourceDateEpoch: 5, keepsFileTimes: false }), 5);
    assert.equal(fileEpoch({ ...options, sourceDateEpoch: 5, keepsFileTimes: true }), undefined);
  });
});
