/** Container and exec endpoints: statuses, and the texts that clients match. */

import { runTable, type ApiCase } from '../support/api-table.ts';
import { onEachEngine } from '../support/each-engine.ts';

const OWN = process.arch === 'x64' ? 'linux/amd64' : `linux/${process.arch}`;
const [OTHER, OTHER_ALONE] = OWN === 'linux/amd64' ? ['linux/arm64', 'aarch64'] : ['linux/amd64', 'x86_64'];
const AT_START = { naruOnly: 'dockerd finds it when the container starts' } as const;
const LOOP = ['sh', '-c', 'trap "exit 5" TERM; while :; do sleep 0.1; done'];

const REFUSALS: readonly ApiCase[] = [
  { ask: 'GET /containers/nope/json', status: 404, message: 'No such container: nope' },
  { ask: 'POST /containers/nope/start', status: 404, message: 'No such container: nope' },
  { ask: 'POST /containers/nope/stop', status: 404, message: 'No such container: nope' },
  { ask: 'POST /containers/nope/wait', status: 404, message: 'No such container: nope' },
  { ask: 'GET /containers/nope/logs?stdout=1', status: 404, message: 'No such container: nope' },
  { ask: 'DELETE /containers/nope', status: 404, message: 'No such container: nope' },
  {
    ask: 'POST /containers/nope/exec',
    send: { Cmd: ['x'] },
    status: 404,
    message: 'No such container: nope',
  },
  { ask: 'GET /exec/nope/json', status: 404, message: 'No such exec instance: nope' },
  { ask: 'POST /exec/nope/start', send: {}, status: 404, message: 'No such exec instance: nope' },
  {
    ask: 'POST /containers/create',
    send: { Image: 'nosuch:tag' },
    status: 404,
    message: 'No such image: nosuch:tag',
  },
  {
    ask: `POST /containers/create?platform=${OTHER_ALONE}`,
    send: { Image: 'docker.io/library/busybox:latest' },
    status: 404,
    message: `image with reference busybox:latest was found but its platform (${OWN}) does not match the specified platform (${OTHER})`,
  },
  {
    ask: 'POST /containers/create?platform=linux/s390x',
    send: { Image: 'busybox' },
    status: 404,
    message: `image with reference busybox was found but its platform (${OWN}) does not match the specified platform (linux/s390x)`,
  },
  {
    ask: 'POST /containers/create?platform=linux/s390x',
    send: { Image: 'nosuch' },
    status: 404,
    message: 'No such image: nosuch:latest',
  },
  {
    ask: 'POST /containers/create?platform=nope',
    send: { Image: 'nosuch' },
    status: 400,
    message: '"nope": unknown operating system or architecture: invalid argument',
  },
  { ask: 'POST /containers/create', send: {}, status: 400 },
  {
    ask: 'POST /containers/create?platform=linux/arm64',
    send: { Image: 'busybox' },
    status: 404,
    message:
      'image with reference busybox was found but its platform (linux/amd64) does not match the specified platform (linux/arm64)',
  },
  {
    ask: 'POST /containers/create?platform=foo',
    send: { Image: 'busybox' },
    status: 400,
    message: '"foo": unknown operating system or architecture: invalid argument',
  },
  {
    ask: 'POST /containers/create?name=-x',
    send: { Image: 'busybox' },
    status: 400,
    message: 'Invalid container name (-x), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed',
  },
  {
    ask: 'POST /containers/create',
    send: { Image: 'busybox', HostConfig: { RestartPolicy: { Name: 'sometimes' } } },
    status: 400,
    message: /^invalid restart policy: unknown policy 'sometimes'/,
  },
  {
    ask: 'POST /containers/create',
    send: { Image: 'busybox', HostConfig: { RestartPolicy: { Name: 'always', MaximumRetryCount: 2 } } },
    status: 400,
    message: /^invalid restart policy: maximum retry count can only be used with 'on-failure'/,
  },
  {
    ask: 'POST /containers/create',
    send: { Image: 'busybox', WorkingDir: 'x' },
    status: 400,
    message: /working directory 'x' is invalid/,
  },
  {
    ask: 'POST /containers/create',
    send: { Image: 'busybox', Env: ['=x'] },
    status: 400,
    message: 'invalid environment variable: =x',
  },
  {
    ask: 'POST /containers/create',
    send: { Image: 'busybox', HostConfig: { ExtraHosts: ['a:::1', 'a'] } },
    status: 400,
    message: 'bad format for add-host: "a"',
  },
  {
    ask: 'POST /containers/create',
    send: { Image: 'busybox', HostConfig: { ExtraHosts: ['a:host-gateway', 'a:1.2.3'] } },
    status: 400,
    message: 'invalid IP address in add-host: "1.2.3"',
  },
  {
    ask: 'POST /containers/create',
    send: { Image: 'busybox', HostConfig: { Memory: 1000 } },
    status: 400,
    message: /[Mm]inimum memory limit allowed is 6MB/,
  },
  {
    ask: 'POST /containers/create',
    send: { Image: 'busybox', HostConfig: { Binds: ['a:b'] } },
    status: 400,
    message: /mount path must be absolute/,
    naruOnly: 'dockerd answers 500',
  },
  {
    ask: 'POST /containers/create',
    send: { Image: 'busybox', HostConfig: { AutoRemove: true, RestartPolicy: { Name: 'always' } } },
    status: 400,
    message: "can't create 'AutoRemove' container with restart policy",
  },
  {
    ask: 'POST /containers/create',
    send: { Image: 'busybox', HostConfig: { LogConfig: { Type: 'syslog', Config: {} } } },
    status: 400,
    message: `log driver "syslog" is not supported: use one of 'json-file', 'local' or 'none'`,
    naruOnly: 'dockerd has this driver',
  },
  { ask: 'GET /containers/json?filters={"nope":["x"]}', status: 400, message: "invalid filter 'nope'" },
  { ask: 'POST /containers/prune?filters={"nope":["x"]}', status: 400, message: "invalid filter 'nope'" },
];

/** Wrong options of json-file, or the driver named; what dockerd says at create too, and what it says at start only. */
const LOG_OPTIONS: readonly ApiCase[] = [
  refusedLog({ nosuch: '1' }, "unknown log opt 'nosuch' for json-file log driver"),
  refusedLog({ labels: 'a' }, "unknown log opt 'labels' for log driver local", { driver: 'local' }),
  refusedLog({ mode: 'foo' }, 'logger: logging mode not supported: foo'),
  refusedLog(
    { 'max-buffer-size': '1m' },
    "logger: max-buffer-size option is only supported with 'mode=non-blocking'",
  ),
  refusedLog({ 'max-size': 'abc' }, "invalid size: 'abc'", AT_START),
  refusedLog({ 'max-size': '-1' }, "invalid size: '-1'", AT_START),
  refusedLog({ 'max-size': '0' }, 'max-size must be a positive number', AT_START),
  refusedLog({ 'max-size': '1e30g' }, 'max-size must be a positive number', AT_START),
  refusedLog({ 'max-file': '0' }, 'max-file cannot be less than 1', AT_START),
  refusedLog({ 'max-file': '1.5' }, 'invalid max-file: "1.5"', AT_START),
  refusedLog({ compress: 'x' }, 'invalid compress: "x"', AT_START),
  refusedLog(
    { compress: 'true', 'max-file': '3' },
    'compress cannot be true when max-file is less than 2 or max-size is not set',
    AT_START,
  ),
  {
    ask: 'POST /containers/create?name=logged',
    send: logged('json-file', {
      'max-size': '1.5k',
      'max-file': '3',
      compress: 'true',
      tag: 'x',
      mode: 'non-blocking',
      'max-buffer-size': '1m',
    }),
    status: 201,
  },
  { ask: 'DELETE /containers/logged', status: 204 },
  {
    ask: 'POST /containers/create?name=mute',
    send: { Image: 'busybox', HostConfig: { LogConfig: { Type: 'none', Config: {} } } },
    status: 201,
  },
  {
    ask: 'GET /containers/mute/logs?stdout=1',
    status: 501,
    message: 'configured logging driver does not support reading',
  },
  { ask: 'DELETE /containers/mute', status: 204 },
  {
    ask: 'POST /containers/create?name=small',
    send: { Image: 'busybox', HostConfig: { Memory: 33_554_432 } },
    status: 201,
  },
  { ask: 'GET /containers/small/json', status: 200, has: { HostConfig: { MemorySwap: 67_108_864 } } },
  {
    ask: 'POST /containers/small/update',
    send: { Memory: 134_217_728 },
    status: 409,
    message:
      /^Cannot update container [0-9a-f]{64}: Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time$/,
  },
  { ask: 'POST /containers/small/update', send: { Memory: 16_777_216 }, status: 200 },
  { ask: 'GET /containers/small/json', status: 200, has: { HostConfig: { MemorySwap: 67_108_864 } } },
  { ask: 'DELETE /containers/small', status: 204 },
];

/** Settings that cannot be meant, and were taken without a word. */
const SETTINGS: readonly ApiCase[] = [
  refused({ StopSignal: 'NOSUCH' }, 'invalid signal: NOSUCH'),
  refused(
    { Healthcheck: { Test: ['CMD', 'x'], Interval: 1 } },
    'Interval in Healthcheck cannot be less than 1ms',
  ),
  refused(
    { Healthcheck: { Test: ['CMD', 'x'], Timeout: 999_999 } },
    'Timeout in Healthcheck cannot be less than 1ms',
  ),
  refused({ Healthcheck: { Test: ['CMD', 'x'], Retries: -1 } }, 'Retries in Healthcheck cannot be negative'),
  refusedHost({ PidMode: 'bad' }, 'invalid PID mode: bad'),
  refusedHost({ IpcMode: 'bad' }, 'invalid IPC mode: bad'),
  refusedHost({ UTSMode: 'bad' }, 'invalid UTS mode: bad'),
  refusedHost({ CgroupnsMode: 'bad' }, 'invalid cgroup namespace mode: bad'),
  refusedHost({ PidMode: 'container:nosuch' }, 'No such container: nosuch'),
  refusedHost({ IpcMode: 'container:nosuch' }, 'No such container: nosuch'),
  refusedHost({ VolumesFrom: ['nosuch'] }, 'No such container: nosuch'),
  refusedHost({ Isolation: 'hyperv' }, "invalid isolation (hyperv): linux only supports 'default'"),
  refusedHost({ OomScoreAdj: 5000 }, 'Invalid value 5000, range for oom score adj is [-1000, 1000]'),
  refusedHost({ ShmSize: -1 }, 'SHM size can not be less than 0'),
  refusedHost({ MemorySwappiness: 101 }, 'Invalid value: 101, valid memory swappiness range is 0-100'),
  refusedHost({ CpusetCpus: '0,9999999' }, /^(Invalid value|Requested CPUs are not available)/),
  refusedHost({ CpusetCpus: '4095' }, /^Requested CPUs are not available - requested 4095, available: 0/),
  refusedHost(
    { CpusetMems: '1023' },
    /^Requested memory nodes are not available - requested 1023, available: 0/,
  ),
  refusedHost({ CpusetCpus: 'x' }, 'Invalid value x for cpuset cpus: invalid format: x'),
  refusedHost({ CpuQuota: 1 }, 'CPU cfs quota can not be less than 1ms (i.e. 1000)'),
  refusedHost(
    { CpuPeriod: 1 },
    'CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)',
  ),
  refusedHost({ Tmpfs: { rel: '' } }, "invalid mount path: 'rel' mount path must be absolute"),
  refusedHost(
    { Mounts: [{ Type: 'volume', Target: '/x', ReadOnly: true }] },
    'invalid mount config for type "volume": must not set ReadOnly mode when using anonymous volumes',
  ),
  {
    ...refused({ MacAddress: 'zz' }, 'invalid MAC address: zz'),
    naruOnly: 'dockerd finds it when the container starts',
  },
  { ...refusedHost({ Binds: ['/a:/b:ro,rw'] }, 'invalid mode: ro,rw'), naruOnly: 'dockerd answers 500' },
  {
    ...refusedHost({ NetworkMode: 'container:nosuch' }, 'No such container: nosuch'),
    naruOnly: 'dockerd finds it when the container starts',
  },
  {
    ask: 'POST /containers/create?name=modes',
    send: {
      Image: 'busybox',
      StopSignal: 'SIGRTMIN+3',
      Healthcheck: { Test: ['CMD', 'x'], Interval: 1_000_000, Retries: 0 },
      HostConfig: {
        PidMode: 'host',
        IpcMode: 'shareable',
        UTSMode: 'host',
        CgroupnsMode: 'private',
        CpusetCpus: '0',
        CpuQuota: -1,
        OomScoreAdj: -1000,
      },
    },
    status: 201,
  },
  { ask: 'DELETE /containers/modes', status: 204 },
];

const PLATFORMS: readonly ApiCase[] = [
  { ask: 'POST /containers/create?name=own&platform=linux', send: { Image: 'busybox' }, status: 201 },
  { ask: 'GET /containers/own/json', status: 200, has: { Platform: 'linux' } },
  { ask: 'DELETE /containers/own', status: 204 },
];

const WARNINGS: readonly ApiCase[] = [
  {
    ask: 'POST /containers/create?name=hostly',
    send: {
      Image: 'busybox',
      HostConfig: { NetworkMode: 'host', PortBindings: { '80/tcp': [{ HostPort: '8089' }] } },
    },
    status: 201,
    has: { Warnings: ['Published ports are discarded when using host network mode'] },
  },
  { ask: 'DELETE /containers/hostly', status: 204 },
  {
    ask: 'POST /containers/create?name=hostly',
    send: { Image: 'busybox', HostConfig: { NetworkMode: 'host', PublishAllPorts: true } },
    status: 201,
    has: { Warnings: [] },
  },
  { ask: 'DELETE /containers/hostly', status: 204 },
];

const LIFE: readonly ApiCase[] = [
  {
    ask: 'POST /containers/create?name=table',
    send: { Image: 'busybox', Cmd: LOOP, Labels: { a: 'b' }, ExposedPorts: { '80/tcp': {} } },
    status: 201,
    keep: { id: 'Id' },
  },
  {
    ask: 'POST /containers/create?name=table',
    send: { Image: 'busybox' },
    status: 409,
    message:
      /^Conflict\. The container name "\/table" is already in use by container "[0-9a-f]{64}"\. You have to remove \(or rename\) that container to be able to reuse that name\.$/,
  },
  {
    ask: 'GET /containers/table/json',
    status: 200,
    has: {
      Name: '/table',
      Path: 'sh',
      State: { Status: 'created', Running: false },
      HostConfig: { NetworkMode: /^(default|bridge)$/, RestartPolicy: { Name: 'no' } },
      Config: { Image: 'busybox', Labels: { a: 'b' } },
    },
  },
  { ask: 'POST /containers/table/kill', status: 409, message: /is not running/ },
  { ask: 'POST /containers/table/pause', status: 409, message: /is not running/ },
  { ask: 'POST /containers/table/stop', status: 304 },
  { ask: 'POST /containers/table/exec', send: { Cmd: ['true'] }, status: 409, message: /is not running/ },
  { ask: 'POST /containers/table/start', status: 204 },
  { ask: 'POST /containers/table/start', status: 304 },
  {
    ask: 'GET /containers/{id}/json',
    status: 200,
    has: { State: { Status: 'running', Running: true, ExitCode: 0 } },
  },
  {
    ask: 'GET /containers/json?filters={"name":["table"]}',
    status: 200,
    has: { 0: { Names: { 0: '/table' }, State: 'running', Command: /^sh -c / } },
  },
  {
    ask: 'DELETE /containers/table',
    status: 409,
    message:
      /^cannot remove container "\/?table": container is running: stop the container before removing or force remove$/,
  },
  {
    ask: 'GET /containers/table/logs',
    status: 400,
    message: 'Bad parameters: you must choose at least one stream',
  },
  { ask: 'GET /containers/table/top?ps_args=-o%20pid,args', status: 200, has: { Titles: { 0: 'PID' } } },
  { ask: 'POST /containers/table/pause', status: 204 },
  { ask: 'POST /containers/table/pause', status: 409, message: /already paused/ },
  {
    ask: 'POST /containers/table/exec',
    send: { Cmd: ['true'] },
    status: 409,
    message: /is paused, unpause the container before exec/,
  },
  { ask: 'POST /containers/table/unpause', status: 204 },
  {
    ask: 'POST /containers/table/unpause',
    status: 409,
    message: /is not paused/,
    naruOnly: 'dockerd answers 500',
  },
  { ask: 'POST /containers/table/exec', send: {}, status: 400, message: /^No exec command specified/ },
  {
    ask: 'POST /containers/table/exec',
    send: { Cmd: ['sh', '-c', 'exit 7'] },
    status: 201,
    keep: { exec: 'Id' },
  },
  { ask: 'GET /exec/{exec}/json', status: 200, has: { Running: false, ProcessConfig: { entrypoint: 'sh' } } },
  { ask: 'POST /exec/{exec}/start', send: { Detach: false, Tty: false }, status: 200 },
  { ask: 'GET /exec/{exec}/json', status: 200, has: { Running: false, ExitCode: 7 } },
  {
    ask: 'POST /containers/table/exec',
    send: { Cmd: ['nosuch'], AttachStdout: true, AttachStderr: true },
    status: 201,
    keep: { missing: 'Id' },
  },
  {
    ask: 'POST /exec/{missing}/start',
    send: { Detach: false, Tty: false },
    status: 200,
    // One frame of stdout, and nothing of the runtime's own.
    text: `\u0001\0\0\0\0\0\0\u007dOCI runtime exec failed: exec failed: unable to start container process: exec: "nosuch": executable file not found in $PATH\r\n`,
  },
  { ask: 'GET /exec/{missing}/json', status: 200, has: { Running: false, ExitCode: 127 } },
  {
    ask: 'POST /containers/create?name=joined',
    send: { Image: 'busybox', HostConfig: { NetworkMode: 'container:table' } },
    status: 201,
    keep: { joined: 'Id' },
  },
  { ask: 'GET /containers/joined/json', status: 200, has: { Config: { Hostname: /^[0-9a-f]{12}$/ } } },
  { ask: 'DELETE /containers/joined', status: 204 },
  {
    ask: 'HEAD /containers/table/archive?path=/etc/passwd',
    status: 200,
    headers: { 'X-Docker-Container-Path-Stat': /^[A-Za-z0-9+/=]+$/ },
  },
  { ask: 'HEAD /containers/table/archive?path=/nope', status: 404 },
  {
    ask: 'GET /containers/table/archive?path=/nope',
    status: 404,
    message: /^Could not find the file \/nope in container table$/,
  },
  {
    ask: 'GET /containers/table/stats?stream=0',
    status: 200,
    has: { name: '/table', memory_stats: { usage: /^[1-9]/ } },
  },
  { ask: 'POST /containers/table/rename?name=', status: 400 },
  { ask: 'POST /containers/table/rename?name=chair', status: 204 },
  {
    ask: 'POST /containers/chair/update',
    send: { Memory: 64 * 1024 * 1024, MemorySwap: 128 * 1024 * 1024 },
    status: 200,
  },
  { ask: 'POST /containers/chair/kill?signal=nope', status: 400, message: /[Ii]nvalid signal: nope/ },
  { ask: 'POST /containers/chair/stop?t=5', status: 204 },
  { ask: 'GET /containers/chair/json', status: 200, has: { State: { Status: 'exited', ExitCode: 5 } } },
  { ask: 'POST /containers/chair/wait', status: 200, has: { StatusCode: 5 } },
  { ask: 'GET /containers/json', status: 200, text: '[]\n' },
  {
    ask: 'GET /containers/json?all=1',
    status: 200,
    has: { 0: { Id: /^[0-9a-f]{64}$/, Status: /^Exited \(5\) / } },
  },
  { ask: 'DELETE /containers/chair', status: 204 },
  { ask: 'DELETE /containers/chair', status: 404, message: 'No such container: chair' },
];

describe('api: containers', function () {
  this.timeout(60_000);
  onEachEngine((engine) => {
    runTable(engine, REFUSALS);
    runTable(engine, LOG_OPTIONS);
    runTable(engine, SETTINGS);
    runTable(engine, PLATFORMS);
    runTable(engine, WARNINGS);
    runTable(engine, LIFE);
  });
});

function logged(driver: string, options: Readonly<Record<string, string>>): object {
  return { Image: 'busybox', HostConfig: { LogConfig: { Type: driver, Config: options } } };
}

function refusedLog(
  options: Readonly<Record<string, string>>,
  message: string,
  { driver = 'json-file', naruOnly }: { readonly driver?: string; readonly naruOnly?: string } = {},
): ApiCase {
  return {
    ask: 'POST /containers/create',
    send: logged(driver, options),
    status: 400,
    message,
    ...(naruOnly === undefined ? {} : { naruOnly }),
  };
}

function refused(fields: object, message: string | RegExp): ApiCase {
  const send = { Image: 'busybox', ...fields };
  return { ask: 'POST /containers/create', send, status: 400, message };
}

function refusedHost(host: object, message: string | RegExp): ApiCase {
  return refused({ HostConfig: host }, message);
}
