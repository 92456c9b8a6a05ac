/** Running containers as `docker run` does: streams, exit codes, what the process finds around it. Needs root. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';

import { isErrorKind, type NaruError } from '../../../core/errors.ts';
import type { ContainerConfig, HostOptions } from '../../../runtime/engine/containers/container.ts';
import type { EngineEvent } from '../../../runtime/engine/events/events.ts';
import { BUSYBOX, makeEngine, removeEngine, run, type TestEngine } from './engine.ts';

interface Case {
  readonly name: string;
  readonly cmd: string | readonly string[];
  readonly host?: HostOptions;
  readonly config?: Partial<ContainerConfig>;
  readonly stdin?: string;
  readonly stdout?: string | RegExp;
  readonly exitCode?: number;
}

/** A text command runs in a shell; `exitCode` is 0 unless said. */
const CASES: readonly Case[] = [
  { name: 'passes stdin on and closes it', cmd: ['tr', 'a-z', 'A-Z'], stdin: 'hello', stdout: 'HELLO' },
  { name: 'reports the exit code', cmd: 'exit 42', exitCode: 42 },
  {
    name: 'passes 3 MB on',
    cmd: 'dd if=/dev/zero bs=1000 count=3000 2>/dev/null | wc -c',
    stdout: '3000000\n',
  },
  { name: 'merges environments', cmd: 'echo $A $PATH', config: { env: ['A=v'] }, stdout: 'v /bin\n' },
  {
    name: 'sets HOME and HOSTNAME',
    cmd: 'echo $HOME; [ $HOSTNAME = $(hostname) ] && echo same',
    stdout: '/root\nsame\n',
  },
  { name: 'has a hostname of 12 hex characters', cmd: 'hostname', stdout: /^[0-9a-f]{12}\n$/ },
  { name: 'takes the hostname asked for', cmd: 'hostname', config: { hostname: 'h1' }, stdout: 'h1\n' },
  {
    name: 'makes the working directory',
    cmd: 'pwd',
    config: { workingDir: '/tmp/x/y' },
    stdout: '/tmp/x/y\n',
  },
  {
    name: 'runs as uid:gid',
    cmd: 'echo $(id -u):$(id -g)',
    config: { user: '1000:33' },
    stdout: '1000:33\n',
  },
  {
    name: 'runs as a named user',
    cmd: 'id -u; id -g; echo $HOME',
    config: { user: 'nobody' },
    stdout: '65534\n65534\n/home\n',
  },
  { name: 'adds groups', cmd: 'echo $(id -G)', host: { groupAdd: ['777', 'wheel'] }, stdout: '0 10 777\n' },
  { name: 'replaces the entrypoint', cmd: ['x', 'y'], config: { entrypoint: ['echo'] }, stdout: 'x y\n' },
  {
    name: 'writes extra hosts',
    cmd: 'cat /etc/hosts',
    host: { extraHosts: ['foo:10.9.8.7'] },
    stdout: /10\.9\.8\.7\tfoo\n/,
  },
  {
    name: 'writes resolv.conf',
    cmd: 'cat /etc/resolv.conf',
    host: { dns: ['9.9.9.9'], dnsSearch: ['ex.org'] },
    stdout: /nameserver 9\.9\.9\.9\nsearch ex\.org\n/,
  },
  {
    name: 'makes the root read-only',
    cmd: 'touch /x 2>/dev/null || echo ro',
    host: { readonlyRootfs: true },
    stdout: 'ro\n',
  },
  {
    name: 'mounts a tmpfs',
    cmd: 'mount | grep " /t "',
    host: { tmpfs: { '/t': 'rw,size=1m' } },
    stdout: /tmpfs .*size=1024k/,
  },
  {
    name: "gives Docker's capabilities",
    cmd: "awk '/CapEff/{print $2}' /proc/self/status",
    stdout: '00000000a80425fb\n',
  },
  {
    name: 'drops all but one capability',
    cmd: "awk '/CapEff/{print $2}' /proc/self/status",
    host: { capDrop: ['ALL'], capAdd: ['CHOWN'] },
    stdout: '0000000000000001\n',
  },
  {
    name: 'drops one capability',
    cmd: 'touch /x; chown 1 /x 2>/dev/null || echo denied',
    host: { capDrop: ['CHOWN'] },
    stdout: 'denied\n',
  },
  {
    name: 'leaves a plain user no capabilities',
    cmd: "awk '/CapEff/{print $2}' /proc/self/status",
    config: { user: 'nobody' },
    stdout: '0000000000000000\n',
  },
  {
    name: 'filters system calls',
    cmd: "awk '/^Seccomp:/{print $2}' /proc/self/status; unshare -U true 2>&1; mount -t tmpfs x /tmp 2>&1",
    stdout: /^2\nunshare: .*not permitted\nmount: .*(permission denied|not permitted)/i,
    exitCode: 1,
  },
  {
    name: 'runs without a filter when asked',
    cmd: "awk '/^Seccomp:/{print $2}' /proc/self/status",
    host: { securityOpt: ['seccomp=unconfined'] },
    stdout: '0\n',
  },
  {
    name: 'sets no-new-privileges',
    cmd: "awk '/NoNewPrivs/{print $2}' /proc/self/status",
    host: { securityOpt: ['no-new-privileges'] },
    stdout: '1\n',
  },
  {
    name: 'runs privileged',
    cmd: 'mount -t tmpfs x /tmp && ls /sys/firmware >/dev/null && echo ok',
    host: { privileged: true },
    stdout: 'ok\n',
  },
  {
    name: 'masks /proc',
    cmd: 'echo b > /proc/sysrq-trigger 2>/dev/null || echo masked; wc -c < /proc/timer_list',
    stdout: 'masked\n0\n',
  },
  {
    name: 'limits memory',
    cmd: 'cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes',
    host: { memoryBytes: 67108864 },
    stdout: '67108864\n',
  },
  {
    name: 'limits CPUs',
    cmd: 'cat /sys/fs/cgroup/cpu.max 2>/dev/null || cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us',
    host: { nanoCpus: 5e8 },
    stdout: /^50000/,
  },
  {
    name: 'limits processes',
    cmd: 'cat /sys/fs/cgroup/pids.max 2>/dev/null || cat /sys/fs/cgroup/pids/pids.max',
    host: { pidsLimit: 33 },
    stdout: '33\n',
  },
  {
    name: 'pins to a CPU',
    cmd: "awk '/Cpus_allowed_list/{print $2}' /proc/self/status",
    host: { cpusetCpus: '0' },
    stdout: '0\n',
  },
  {
    name: 'sets ulimits',
    cmd: 'ulimit -n',
    host: { ulimits: [{ name: 'nofile', soft: 77, hard: 77 }] },
    stdout: '77\n',
  },
  {
    name: 'keeps ulimits within its own',
    cmd: 'ulimit -n',
    host: { ulimits: [{ name: 'nofile', soft: 70, hard: 1 << 30 }] },
    stdout: '70\n',
  },
  {
    name: 'sets sysctls',
    cmd: 'cat /proc/sys/net/ipv4/ip_forward',
    host: { sysctls: { 'net.ipv4.ip_forward': '1' } },
    stdout: '1\n',
  },
  {
    name: 'sizes shared memory',
    cmd: 'mount | grep /dev/shm',
    host: { shmSizeBytes: 2 * 1024 * 1024 },
    stdout: /size=2048k/,
  },
  {
    name: 'runs an init',
    cmd: "cat /proc/1/cmdline | tr '\\0' ' '",
    host: { init: true },
    stdout: /^\/sbin\/docker-init -- sh -c/,
  },
  {
    name: "shares the host's processes",
    cmd: '[ $(ls -d /proc/[0-9]* | wc -l) -gt 5 ] && echo yes',
    host: { pidMode: 'host' },
    stdout: 'yes\n',
  },
  {
    name: 'adds a device',
    cmd: 'ls -l /dev/mynull; echo x > /dev/mynull',
    host: {
      devices: [{ pathOnHost: '/dev/null', pathInContainer: '/dev/mynull', cgroupPermissions: 'rwm' }],
    },
    stdout: /^c.*rw/,
  },
  { name: 'has only the loopback without a network', cmd: 'ls /sys/class/net', stdout: 'lo\n' },
  {
    name: "shares the host's network",
    cmd: 'readlink /proc/self/ns/net',
    host: { networkMode: 'host' },
    stdout: `${fs.readlinkSync('/proc/self/ns/net')}\n`,
  },
  {
    name: 'has a terminal',
    cmd: 'tty; stty size',
    config: { tty: true },
    host: { consoleHeight: 33, consoleWidth: 99 },
    stdout: '/dev/pts/0\r\n33 99\r\n',
  },
  { name: 'marks containers', cmd: 'ls /.dockerenv', stdout: '/.dockerenv\n' },
];

/** What cannot be run: the exit code docker's CLI derives is found in the words. */
const FAILURES: readonly {
  readonly name: string;
  readonly cmd: readonly string[];
  readonly kind: NaruError['kind'];
  readonly message: RegExp;
}[] = [
  {
    name: 'a missing command',
    cmd: ['nosuchcmd'],
    kind: 'invalid-argument',
    message: /exec: "nosuchcmd": executable file not found in \$PATH/,
  },
  {
    name: 'a missing path',
    cmd: ['/no/such'],
    kind: 'invalid-argument',
    message: /stat \/no\/such: no such file or directory/,
  },
  {
    name: 'a file that is no program',
    cmd: ['/etc/passwd'],
    kind: 'invalid-argument',
    message: /permission denied/,
  },
];

describe('containers: run', () => {
  let engine: TestEngine;
  before(async () => {
    engine = await makeEngine();
  });
  after(() => removeEngine(engine));

  for (const { name, cmd, host, config, stdin, stdout, exitCode = 0 } of CASES) {
    it(name, async () => {
      const argv = typeof cmd === 'string' ? ['sh', '-c', cmd] : cmd;
      const ran = await run(engine, argv, host, config, stdin);
      if (stdout instanceof RegExp) assert.match(ran.stdout, stdout, ran.stderr);
      else if (stdout !== undefined) assert.equal(ran.stdout, stdout, ran.stderr);
      assert.equal(ran.exitCode, exitCode, `${ran.stdout}${ran.stderr}`);
    });
  }

  for (const { name, cmd, kind, message } of FAILURES) {
    it(`refuses ${name} and leaves nothing`, async () => {
      await assert.rejects(run(engine, cmd), (error) => {
        assert.ok(isErrorKind(error, kind), String(error));
        assert.match(error.message, message);
        return true;
      });
      assert.deepEqual(await engine.containers.list({ all: true }), []);
    });
  }

  it('tells stdout and stderr apart', async () => {
    const ran = await run(engine, ['sh', '-c', 'echo out; echo err >&2']);
    assert.deepEqual(ran, { exitCode: 0, stdout: 'out\n', stderr: 'err\n' });
  });

  it('publishes create attach start die destroy', async () => {
    const seen: string[] = [];
    const stop = engine.events.listen(({ type, action }) => void (type === 'container' && seen.push(action)));
    await run(engine, ['true']);
    stop();
    assert.deepEqual(seen, ['create', 'attach', 'start', 'die', 'destroy']);
  });

  it('tells of its volumes around the run, in the order and with the attributes of dockerd', async () => {
    const seen: EngineEvent[] = [];
    const stop = engine.events.listen((event) => void seen.push(event));
    await run(engine, ['true'], { binds: ['told:/x:ro', `${engine.root}:/bound`] });
    stop();
    const told = seen
      .filter(({ action }) => action !== 'attach')
      .map(({ type, action }) => `${type} ${action}`);
    assert.deepEqual(told, [
      'volume create',
      'container create',
      'volume mount',
      'container start',
      'volume unmount',
      'container die',
      'container destroy',
    ]);
    const [mounted, unmounted] = seen.filter(({ action }) => /mount/.test(action));
    const container = mounted?.attributes['container'];
    assert.match(container ?? '', /^[0-9a-f]{64}$/);
    assert.equal(mounted?.id, 'told');
    assert.deepEqual(mounted?.attributes, {
      container,
      destination: '/x',
      driver: 'local',
      propagation: '',
      'read/write': 'false',
    });
    assert.deepEqual(unmounted?.attributes, { container, driver: 'local' });
  });

  it('binds a directory of the host, writable or not', async () => {
    const directory = join(engine.root, 'bound');
    fs.mkdirSync(directory);
    fs.writeFileSync(join(directory, 'f'), 'host\n');
    const both = ['sh', '-c', 'cat /m/f; touch /m/g 2>/dev/null || echo ro'];
    assert.equal((await run(engine, both, { binds: [`${directory}:/m:ro`] })).stdout, 'host\nro\n');
    assert.equal((await run(engine, both, { binds: [`${directory}:/m`] })).stdout, 'host\n');
    assert.ok(fs.existsSync(join(directory, 'g')));
  });

  it('refuses to mount what is not there', async () => {
    const mounts = [{ type: 'bind', source: join(engine.root, 'nope'), target: '/m' }] as const;
    await assert.rejects(run(engine, ['true'], { mounts }), /bind source path does not exist/);
  });

  // dockerd 28.5.2 as well, but with --add-host it leaves the host's own lines out; a program there looks up the host's name.
  it("has the host's /etc/hosts on the host's network, and what was added", async () => {
    const host = { networkMode: 'host', extraHosts: ['foo:10.9.8.7'] };
    const { stdout } = await run(engine, ['cat', '/etc/hosts'], host);
    assert.equal(stdout, `${fs.readFileSync('/etc/hosts', 'utf8').trimEnd()}\n10.9.8.7\tfoo\n`);
  });

  it('says which folder of a volume is not there', async () => {
    const volume = { subpath: 'no/such' };
    const mounts = [{ type: 'volume', source: 'parts', target: '/m', volume }] as const;
    await assert.rejects(run(engine, ['true'], { mounts }), {
      kind: 'invalid-argument',
      message: /^cannot access path (\S+\/parts\/_data\/no\/such): lstat \1: no such file or directory$/,
    });
  });

  // dockerd 28.5.2: the container stays `created` with no error kept, and nothing is made on the host; -v makes a folder.
  it('refuses to start when what --mount binds has vanished', async () => {
    const source = join(engine.root, 'vanishing');
    fs.mkdirSync(source);
    const mounts = [{ type: 'bind', source, target: '/m/' }] as const;
    const { id } = await engine.containers.create({
      config: { image: BUSYBOX, cmd: ['true'] },
      host: { mounts, networkMode: 'none' },
    });
    fs.rmdirSync(source);
    const message = `invalid mount config for type "bind": bind source path does not exist: ${source}`;
    await assert.rejects(engine.containers.start(id), { kind: 'invalid-argument', message });
    assert.equal(fs.existsSync(source), false);
    const { status, exitCode, error } = (await engine.containers.inspect(id)).state;
    assert.deepEqual({ status, exitCode, error }, { status: 'created', exitCode: 0, error: '' });
  });
});
