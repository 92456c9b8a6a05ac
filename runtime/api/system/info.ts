/** `GET /info`. */

import type { InfoBody } from '../../../core/engine-api/system.ts';
import type { HostFacts, SystemReport } from '../../engine/system/report.ts';
import { json, type Endpoint } from '../endpoint.ts';

export const systemInfo: Endpoint = {
  method: 'GET',
  path: '/info',
  handle: async (_request, { system, containers, images }) => {
    const statuses = (await containers.list({ all: true })).map(({ state }) => state.status);
    const paused = statuses.filter((status) => status === 'paused').length;
    const running = statuses.filter((status) => status === 'running' || status === 'restarting').length;
    const nImages = (await images.list()).length;
    const counts: Counts = {
      Containers: statuses.length,
      ContainersRunning: running,
      ContainersPaused: paused,
      ContainersStopped: statuses.length - running - paused,
      Images: nImages,
    };
    return json(infoBody(system, counts, new Date()));
  },
};

type Counts = Pick<
  InfoBody,
  'Containers' | 'ContainersRunning' | 'ContainersPaused' | 'ContainersStopped' | 'Images'
>;

function infoBody(system: SystemReport, counts: Counts, now: Date): InfoBody {
  const host = system.host();
  return {
    ID: system.engineId,
    ...counts,
    Driver: 'overlay2',
    DriverStatus: [['Backing Filesystem', 'overlayfs']],
    Plugins: {
      Volume: ['local'],
      Network: ['bridge', 'host', 'none'],
      Authorization: null,
      Log: ['json-file'],
    },
    ...limitFlags(host),
    Debug: false,
    NFd: host.nOpenFiles,
    NGoroutines: 0,
    SystemTime: now.toISOString(),
    LoggingDriver: 'json-file',
    CgroupDriver: 'cgroupfs',
    CgroupVersion: host.cgroupVersion,
    NEventsListener: 0,
    KernelVersion: host.kernelVersion,
    OperatingSystem: host.operatingSystem,
    OSVersion: host.osVersion,
    OSType: 'linux',
    Architecture: host.machine,
    ...registryFields(system.registryMirrors),
    NCPU: host.nCpus,
    MemTotal: host.memoryBytes,
    DockerRootDir: system.root,
    HttpProxy: '',
    HttpsProxy: '',
    NoProxy: '',
    Name: host.name,
    Labels: [],
    ExperimentalBuild: false,
    ServerVersion: system.version,
    ...runtimeFields(),
    Swarm: inactiveSwarm(),
    LiveRestoreEnabled: true,
    Isolation: '',
    SecurityOptions: host.hasSeccomp ? ['name=seccomp,profile=builtin'] : [],
    Warnings: [],
  };
}

function limitFlags(host: HostFacts) {
  return {
    MemoryLimit: true,
    SwapLimit: host.hasSwapLimit,
    CpuCfsPeriod: true,
    CpuCfsQuota: true,
    CPUShares: true,
    CPUSet: true,
    PidsLimit: true,
    OomKillDisable: host.cgroupVersion === '1',
    IPv4Forwarding: host.hasIpv4Forwarding,
  };
}

function registryFields(mirrors: readonly string[]) {
  return {
    IndexServerAddress: 'https://index.docker.io/v1/',
    RegistryConfig: {
      InsecureRegistryCIDRs: ['::1/128', '127.0.0.0/8'],
      IndexConfigs: {
        'docker.io': { Name: 'docker.io', Mirrors: mirrors, Secure: true, Official: true },
      },
      Mirrors: mirrors,
    },
  };
}

function runtimeFields() {
  return {
    Runtimes: { crun: { path: 'crun' } },
    DefaultRuntime: 'crun',
    InitBinary: 'tini',
    ContainerdCommit: { ID: '' },
    RuncCommit: { ID: '' },
    InitCommit: { ID: '' },
  };
}

/** What clients that look for a swarm expect from an engine that is in none. */
function inactiveSwarm() {
  return {
    NodeID: '',
    NodeAddr: '',
    LocalNodeState: 'inactive',
    ControlAvailable: false,
    Error: '',
    RemoteManagers: null,
  };
}
