/**
 * An SSH host on this machine: a network namespace with a cable to us, its own mounts for /root, /home, /run, /tmp and /etc/passwd, and a real sshd.
 * Nothing of ours is on it. It needs root, iproute2 and openssh-server; `stop()` takes everything away.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { removeTraces } from './dead-runs.ts';
import { engineIdOf } from './engine-traces.ts';
import { until } from './until.ts';

export interface SshHost {
  readonly address: string;
  /** Private key that root accepts. */
  readonly keyFile: string;
  readonly knownHostsFile: string;
  /** Environment for the driver and the CLI: an ssh config that knows this host as `naru-test-host`, and no agent. */
  readonly env: Readonly<Record<string, string>>;
  /** The same for a person whose keys the host does not know. */
  readonly strangerEnv: Readonly<Record<string, string>>;
  /** What the host sees as /root. */
  readonly home: string;
  /** Runs a command inside the host's namespaces; answers stdout. */
  readonly run: (...argv: string[]) => string;
  /** New host key, as after a reinstallation or an attack. */
  readonly rekey: () => Promise<void>;
  /** Kills every SSH connection to the host; it takes new ones. */
  readonly kick: () => void;
  /** Pulls the cable: nothing comes or goes, and nobody is told. Answers how to put it back. */
  readonly unplug: () => () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const INSIDE = `
mount --make-rprivate /
hostname naru-test-host
ip link set lo up
mount --bind "$1/root" /root
mount --bind "$1/etc-ssh" /etc/ssh
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=1777 tmpfs /tmp
mkdir -p /run/sshd
cd /
exec /usr/sbin/sshd -D -e -f /etc/ssh/sshd_config.naru
`;

let nHosts = 0;

/** Starts a host and waits until its sshd answers. `sshdLines` are added to its configuration. */
export async function startSshHost(sshdLines: readonly string[] = []): Promise<SshHost> {
  const folder = mkdtempSync(join(tmpdir(), 'nssh-'));
  const id = `${process.pid % 30_000}${nHosts++}`;
  const netns = `naruh${id}`;
  const cable = `narul${id}`;
  const third = (process.pid + nHosts) % 250;
  const [ours, theirs] = [`198.18.${third}.1`, `198.18.${third}.2`];
  writeConfig(folder, theirs, sshdLines);
  ip(`netns add ${netns}`);
  ip(`link add ${cable} type veth peer name eth0 netns ${netns}`);
  ip(`addr add ${ours}/30 dev ${cable}`);
  ip(`link set ${cable} up`);
  ip(`-n ${netns} addr add ${theirs}/30 dev eth0`);
  ip(`-n ${netns} link set eth0 up`);
  ip(`-n ${netns} link set lo up`);
  ip(`-n ${netns} route add default via ${ours}`);
  const sshd = startSshd(netns, folder);
  await answers(theirs);
  const pid = sshd.pid ?? 0;
  return {
    address: theirs,
    keyFile: join(folder, 'key'),
    knownHostsFile: join(folder, 'known_hosts'),
    env: { NARU_SSH_CONFIG: join(folder, 'ssh_config'), SSH_AUTH_SOCK: '' },
    strangerEnv: { NARU_SSH_CONFIG: join(folder, 'ssh_config_stranger'), SSH_AUTH_SOCK: '' },
    home: join(folder, 'root'),
    run: (...argv) =>
      execFileSync('nsenter', ['-t', String(pid), '-m', '-n', '-u', '--', ...argv], { encoding: 'utf8' }),
    async rekey() {
      makeHostKey(folder);
      process.kill(pid, 'SIGHUP');
      await answers(theirs);
    },
    kick() {
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
      for (const child of children.filter((one) => one !== '')) process.kill(Number(child), 'SIGKILL');
    },
    unplug() {
      ip(`-n ${netns} link set eth0 down`);
      return async () => {
        ip(`-n ${netns} link set eth0 up`);
        ip(`-n ${netns} route add default via ${ours}`);
        await answers(theirs);
      };
    },
    async stop() {
      endEverythingIn(pid);
      await new Promise((resolve) =>
        sshd.exitCode === null ? sshd.once('exit', resolve) : resolve(undefined),
      );
      ip(`netns del ${netns}`);
      // Its engine was killed with the rest; the control groups of its containers are the machine's.
      const roots = globSync(join(folder, 'root/.local/share/naru/*/engine-id')).map(dirname);
      await until('nothing is left of its engine', () => removeTraces(roots.map(engineIdOf)).length === 0);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function startSshd(netns: string, folder: string): ChildProcess {
  // not `ip netns exec`: that mounts a new /sys over the cgroups
  return spawn(
    'nsenter',
    [`--net=/run/netns/${netns}`, 'unshare', '-m', '-u', '--', 'bash', '-ec', INSIDE, 'naru', folder],
    {
      stdio: 'ignore',
    },
  );
}

function writeConfig(folder: string, address: string, sshdLines: readonly string[]): void {
  mkdirSync(join(folder, 'root/.ssh'), { recursive: true, mode: 0o700 });
  mkdirSync(join(folder, 'etc-ssh'), { recursive: true });
  chmodSync(folder, 0o711);
  keygen(join(folder, 'key'));
  makeHostKey(folder);
  writeFileSync(join(folder, 'root/.ssh/authorized_keys'), readFileSync(join(folder, 'key.pub')), {
    mode: 0o600,
  });
  writeFileSync(
    join(folder, 'etc-ssh/sshd_config.naru'),
    `Port 22
ListenAddress ${address}
ListenAddress 127.0.0.1
HostKey /etc/ssh/host_key
PidFile none
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
UsePAM no
UseDNS no
Subsystem sftp internal-sftp
${sshdLines.map((line) => `${line}\n`).join('')}`,
  );
  writeFileSync(join(folder, 'ssh_config'), clientConfig(folder, address, join(folder, 'key')));
  writeFileSync(join(folder, 'ssh_config_stranger'), clientConfig(folder, address, '/dev/null'));
}

function clientConfig(folder: string, address: string, keyFile: string): string {
  return `Host naru-test-host
  HostName ${address}
Host *
  User root
  IdentityFile ${keyFile}
  IdentityAgent none
  UserKnownHostsFile ${join(folder, 'known_hosts')}
  GlobalKnownHostsFile /dev/null
`;
}

function makeHostKey(folder: string): void {
  const path = join(folder, 'etc-ssh/host_key');
  rmSync(path, { force: true });
  rmSync(`${path}.pub`, { force: true });
  keygen(path);
}

function keygen(path: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
}

/** Trusts the host's present key, as a person would have after a first connection. */
export function trustHost(host: SshHost): void {
  const key = readFileSync(join(host.home, '../etc-ssh/host_key.pub'), 'utf8')
    .split(' ')
    .slice(0, 2)
    .join(' ');
  appendFileSync(host.knownHostsFile, `${host.address} ${key}\n`);
}

function ip(args: string): void {
  execFileSync('ip', args.split(' '));
}

async function answers(address: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await hasBanner(address))) {
    if (performance.now() > deadline) throw new Error(`no sshd answers at ${address}`);
  }
}

function hasBanner(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: 22, timeout: 1000 });
    const end = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('data', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => setTimeout(end, 20, false));
    socket.once('close', () => resolve(false));
  });
}

/** Kills every process that shares the host's hostname namespace, mount namespace or network, sshd last. */
function endEverythingIn(sshd: number): void {
  const own = namespaceOf(sshd, 'mnt');
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  for (const pid of pids) if (pid !== sshd && namespaceOf(pid, 'mnt') === own) kill(pid);
  kill(sshd);
}

function namespaceOf(pid: number, kind: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/${kind}`);
  } catch {
    return ''; // it has ended
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended
  }
}
