/**
 * A real sshd on a port of loopback that serves one git repository, a real ssh-agent, and keys of every kind.
 * The key in the agent may read the repository; those in files only hear "welcome". Needs root and openssh-server.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

import { until } from './until.ts';

export interface LoopbackSshd {
  readonly port: number;
  /** `ssh://root@127.0.0.1:PORT/repo.git` */
  readonly repository: string;
  /** Socket of the agent. */
  readonly agent: string;
  /** The agent's public key: type and base64. */
  readonly publicKey: string;
  /** Private key files by type; not in the agent. */
  readonly keyFiles: Readonly<Record<KeyType, string>>;
  /** Runs ssh-add with the agent. */
  sshAdd(...args: string[]): string;
  stop(): Promise<void>;
}

const KEY_TYPES = ['ed25519', 'rsa', 'ecdsa'] as const;
export type KeyType = (typeof KEY_TYPES)[number];

/** `folder` is a private directory; `repository` a bare one. */
export async function startLoopbackSshd(folder: string, repository: string): Promise<LoopbackSshd> {
  const own = join(folder, 'agent-key');
  keygen(own, 'ed25519');
  keygen(join(folder, 'host-key'), 'ed25519');
  const keyFiles = Object.fromEntries(KEY_TYPES.map((type) => [type, join(folder, `key-${type}`)])) as Record<
    KeyType,
    string
  >; // one for each type
  for (const type of KEY_TYPES) keygen(keyFiles[type], type);
  const lines = [
    `restrict,command="git-upload-pack '${repository}'" ${publicKey(own)}`,
    ...KEY_TYPES.map((type) => `restrict,command="echo welcome" ${publicKey(keyFiles[type])}`),
  ];
  fs.writeFileSync(join(folder, 'authorized_keys'), `${lines.join('\n')}\n`, { mode: 0o600 });
  const port = await freePort();
  const sshd = startSshd(folder, port);
  const agent = join(folder, 'agent.sock');
  const agentProcess = spawn('ssh-agent', ['-D', '-a', agent], { stdio: 'ignore' });
  const sshAdd = (...args: string[]): string =>
    execFileSync('ssh-add', args, {
      encoding: 'utf8',
      env: { ...process.env, SSH_AUTH_SOCK: agent },
      stdio: 'pipe',
    });
  await until('the agent listens', async () => fs.existsSync(agent));
  sshAdd(own);
  fs.rmSync(own); // from here on the agent alone has it
  await until('sshd answers', () => hasBanner(port));
  return {
    port,
    repository: `ssh://root@127.0.0.1:${port}/repo.git`,
    agent,
    publicKey: publicKey(own),
    keyFiles,
    sshAdd,
    stop: async () => {
      for (const child of [sshd, agentProcess]) await end(child);
    },
  };
}

function startSshd(folder: string, port: number): ChildProcess {
  const config = `Port ${port}
ListenAddress 127.0.0.1
HostKey ${join(folder, 'host-key')}
AuthorizedKeysFile ${join(folder, 'authorized_keys')}
PidFile none
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
UsePAM no
UseDNS no
`;
  fs.mkdirSync('/run/sshd', { recursive: true });
  fs.writeFileSync(join(folder, 'sshd_config'), config);
  return spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'sshd_config')], { stdio: 'ignore' });
}

function keygen(path: string, type: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', 'naru-test', '-f', path]);
}

function publicKey(path: string): string {
  return fs.readFileSync(`${path}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server has one
  server.close();
  await once(server, 'close');
  return port;
}

function hasBanner(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}
