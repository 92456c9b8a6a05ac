/** config.json of a plain container, and what options change in it. */

import assert from 'node:assert/strict';

import { type ContainerPlan, type HostFacts, makeConfig } from '../../../runtime/oci-runtime/config.ts';
import { parseDeviceRule } from '../../../runtime/oci-runtime/device-rules.ts';
import { mergeEnvironment, processEnvironment } from '../../../runtime/oci-runtime/environment.ts';
import { DEFAULT_SHM_BYTES } from '../../../runtime/oci-runtime/mounts.ts';
import { type Limits, makeResources, NO_DEVICE_LIMITS } from '../../../runtime/oci-runtime/resources.ts';
import { makeRlimits } from '../../../runtime/oci-runtime/rlimits.ts';

const FACTS: HostFacts = {
  boundingMask: 0x1ffffffffffn,
  hardLimits: new Map(),
  arch: 'x64',
  kernelRelease: '6.18.0',
  hasSwapLimit: true,
};

const PLAIN: ContainerPlan = {
  process: {
    args: ['sh'],
    env: ['PATH=/bin'],
    cwd: '',
    user: { uid: 0, gid: 0, additionalGids: [0], home: '/root' },
    tty: false,
    hostname: '0123456789ab',
    ulimits: [],
    oomScoreAdj: 0,
  },
  security: { privileged: false, capAdd: [], capDrop: [], noNewPrivileges: false, seccomp: 'default' },
  rootfs: '/rootfs',
  readonlyRootfs: false,
  domainname: '',
  namespaces: { pid: 'private', network: 'private', ipc: 'private', uts: 'private', cgroup: 'private' },
  mounts: { user: [], shmSizeBytes: DEFAULT_SHM_BYTES, hasHostNetwork: false },
  devices: [],
  deviceCgroupRules: [],
  limits: {},
  deviceLimits: NO_DEVICE_LIMITS,
  sysctls: {},
  cgroupsPath: '/naru-x/id',
  annotations: {},
};

describe('config.json', () => {
  it('isolates a plain container as Docker does', () => {
    const config = makeConfig(PLAIN, FACTS);
    assert.deepEqual(config.process.env, ['PATH=/bin', 'HOSTNAME=0123456789ab', 'HOME=/root']);
    assert.equal(config.process.cwd, '/');
    assert.equal(config.process.capabilities.effective.length, 14);
    assert.deepEqual(
      config.linux.namespaces.map(({ type }) => type),
      ['mount', 'pid', 'network', 'ipc', 'uts', 'cgroup'],
    );
    assert.ok(config.linux.maskedPaths.includes('/proc/kcore'));
    assert.ok(config.linux.readonlyPaths.includes('/proc/sys'));
    assert.equal(config.linux.seccomp?.defaultErrnoRet, 1);
    assert.deepEqual(config.linux.resources.devices?.[0], { allow: false, access: 'rwm' });
    assert.deepEqual(config.mounts.find(({ destination }) => destination === '/sys')?.options.at(-1), 'ro');
  });

  it('opens everything to the privileged', () => {
    const config = makeConfig({ ...PLAIN, security: { ...PLAIN.security, privileged: true } }, FACTS);
    assert.equal(config.linux.seccomp, undefined);
    assert.deepEqual([config.linux.maskedPaths, config.linux.readonlyPaths], [[], []]);
    assert.deepEqual(config.linux.resources.devices, [{ allow: true, access: 'rwm' }]);
    assert.equal(config.process.capabilities.effective.length, 41);
  });

  it('gives a user other than root no capability to start with', () => {
    const user = { uid: 1000, gid: 0, additionalGids: [0], home: '/' };
    const { capabilities } = makeConfig({ ...PLAIN, process: { ...PLAIN.process, user } }, FACTS).process;
    assert.deepEqual(
      [capabilities.bounding.length, capabilities.effective, capabilities.permitted],
      [14, [], []],
    );
  });

  it('joins and shares namespaces', () => {
    const namespaces = { ...PLAIN.namespaces, pid: 'host', network: { path: '/n' }, uts: 'host' } as const;
    const config = makeConfig({ ...PLAIN, namespaces }, FACTS);
    assert.deepEqual(config.linux.namespaces, [
      { type: 'mount' },
      { type: 'network', path: '/n' },
      { type: 'ipc' },
      { type: 'cgroup' },
    ]);
    assert.equal(config.hostname, undefined);
  });

  it('mounts from the outside in, and lets a mount replace one of ours', () => {
    const mount = (destination: string) =>
      ({
        type: 'bind',
        source: '/h',
        destination,
        isWritable: false,
        propagation: '',
        isRecursive: true,
        options: [],
      }) as const;
    const user = [mount('/a/b'), mount('/a'), mount('/dev/shm')];
    const { mounts } = makeConfig({ ...PLAIN, mounts: { ...PLAIN.mounts, user } }, FACTS);
    assert.deepEqual(
      mounts.slice(-3).map(({ destination }) => destination),
      ['/a', '/a/b', '/dev/shm'],
    );
    assert.equal(mounts.filter(({ destination }) => destination === '/dev/shm').length, 1);
    assert.deepEqual(mounts.at(-1)?.options, ['rbind', 'rprivate', 'ro']);
  });
});

describe('resources', () => {
  const cases: readonly [string, Limits, object][] = [
    ['memory allows as much swap again', { memoryBytes: 10 }, { memory: { limit: 10, swap: 20 } }],
    [
      'memory with its own swap',
      { memoryBytes: 10, memorySwapBytes: -1 },
      { memory: { limit: 10, swap: -1 } },
    ],
    ['CPUs become a quota', { nanoCpus: 15e8 }, { cpu: { quota: 150_000, period: 100_000 } }],
    ['shares and sets', { cpuShares: 5, cpusetCpus: '0-1' }, { cpu: { shares: 5, cpus: '0-1' } }],
    ['processes', { pidsLimit: 33 }, { pids: { limit: 33 } }],
    ['nothing', { memoryBytes: 0, pidsLimit: -1, cpuShares: 0 }, {}],
  ];
  for (const [name, limits, expected] of cases) {
    it(name, () => {
      assert.deepEqual(makeResources(limits, [], NO_DEVICE_LIMITS, true), { devices: [], ...expected });
    });
  }

  it('leaves swap alone where the kernel cannot limit it', () => {
    assert.deepEqual(makeResources({ memoryBytes: 10 }, [], NO_DEVICE_LIMITS, false).memory, { limit: 10 });
  });
});

describe('rlimits', () => {
  it("stay within the engine's own", () => {
    const bounds = new Map([['RLIMIT_NOFILE', 20_000]]);
    assert.deepEqual(makeRlimits([{ name: 'nofile', soft: 100, hard: 1_000_000 }], bounds), [
      { type: 'RLIMIT_NOFILE', soft: 100, hard: 20_000 },
    ]);
    assert.throws(
      () => makeRlimits([{ name: 'nonsense', soft: 1, hard: 1 }], bounds),
      /invalid ulimit type: nonsense/,
    );
    assert.throws(() => makeRlimits([{ name: 'core', soft: 2, hard: 1 }], bounds), /soft limit must be less/);
  });
});

describe('device rules', () => {
  it('are read as Docker writes them', () => {
    assert.deepEqual(parseDeviceRule('c 1:* rw'), { allow: true, type: 'c', major: 1, access: 'rw' });
    assert.throws(() => parseDeviceRule('c 1 rw'), /invalid device cgroup rule format/);
  });
});

describe('environments', () => {
  it('merge by name, in place', () => {
    assert.deepEqual(mergeEnvironment(['A=1', 'B=2', 'C=3'], ['B=4', 'C', 'D=5']), ['A=1', 'B=4', 'D=5']);
  });

  it('get a terminal and keep a HOME that was set', () => {
    const made = processEnvironment({ config: ['HOME=/h'], hostname: 'x', tty: true, home: '/root' });
    assert.deepEqual(made.slice(1), ['HOSTNAME=x', 'TERM=xterm', 'HOME=/h']);
  });
});
