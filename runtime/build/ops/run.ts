/**
 * RUN: the command in a container of its own over the step's root, with crun and pipes.
 * Nothing of the container outlives the step: its bundle, network and mounts are gone when it ends, and what crun put into the root for mounting is taken out again.
 */

import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { NaruError } from '../../../core/errors.ts';
import type { RunOp } from '../../../core/build/ops.ts';
import { execStatus } from '../../host/exec.ts';
import { startLightProcess } from '../../host/light-process.ts';
import type { Attachment } from '../../net/networking.ts';
import { removeCgroup } from '../../oci-runtime/cgroup-removal.ts';
import { type ContainerPlan, type HostFacts, makeConfig } from '../../oci-runtime/config.ts';
import { DEFAULT_SHM_BYTES, type UserMount } from '../../oci-runtime/mounts.ts';
import type { OciConfig } from '../../oci-runtime/runtime-spec.ts';
import type { ResolvedUser } from '../../oci-runtime/users.ts';
import { NO_DEVICE_LIMITS } from '../../oci-runtime/resources.ts';
import { openRoot } from '../../host/resolve-in-root.ts';
import { makeDirectories } from '../make-directories.ts';
import { findMountStubs, removeMountStubs } from '../mount-stubs.ts';
import { knownUser, userInRoot } from '../user-in-root.ts';
import { prepareMounts, type PreparedMounts } from './run-mounts.ts';
import type { StepContext } from './step-context.ts';

/** How a RUN failed; carried as `cause`, its exit code is that of the command. */
export class RunFailure extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.name = 'RunFailure';
    this.exitCode = exitCode;
  }
}

/** @throws NaruError "invalid-argument" E_RUN_FAILED (cause RunFailure) when the command fails, "cancelled" on abort */
export async function executeRun(op: RunOp, context: StepContext): Promise<void> {
  const { parts, workspace, active, migrationLock } = context;
  void migrationLock.warm(); // that nobody waits for it is what it is for
  const id = `build-${randomUUID().replaceAll('-', '')}`;
  const bundle = join(parts.runDir, 'bundles', id);
  // Calls on files in memory are synchronous: handing each to a thread and back takes ten times as long.
  mkdirSync(bundle, { recursive: true, mode: 0o700 });
  const mounts = await prepareMounts(op, bundle, context);
  let attachment: Attachment | undefined;
  let exitCode: number | undefined;
  try {
    const root = await workspace.mount(active);
    attachment = await attach(op, id, context);
    const etc = writeEtcFiles(op, bundle, attachment);
    const plan = planContainer(op, id, root, context, mounts, etc, attachment);
    makeWorkingDirectory(op, root);
    const stubs = findMountStubs(
      root,
      plan.mounts.user.map((mount) => mount.destination),
    );
    makeMountPoints(root, plan);
    writeFileSync(join(bundle, 'config.json'), JSON.stringify(configOf(op, plan, parts.facts)), {
      mode: 0o600,
    });
    exitCode = await runContainer(id, bundle, context);
    removeMountStubs(root, stubs);
    if (exitCode !== 0) throw failed(op, exitCode);
  } finally {
    await deleteContainer(id, context);
    // crun leaves the group of a process that it could not start.
    if (exitCode !== 0) removeCgroup(cgroupOf(op, id, context.parts));
    if (attachment !== undefined) await parts.networking.detach(id);
    await mounts.release();
    await removeBundle(op, bundle, context);
  }
}

/** Where /run is on a disk, that takes milliseconds; secrets do not outlive their step by them. */
async function removeBundle(op: RunOp, bundle: string, { workspace }: StepContext): Promise<void> {
  const removed = rm(bundle, { recursive: true, force: true });
  if (op.mounts.some(({ kind }) => kind === 'secret')) await removed;
  else workspace.meanwhile(removed);
}

/** `crun run` deletes what it made; only one that was killed, or could not, leaves its state. A process for nothing would be a fifth of a step that does little. */
async function deleteContainer(id: string, { parts }: StepContext): Promise<void> {
  const state = crunState(parts.runDir);
  if (!existsSync(join(state, id))) return;
  await execStatus([parts.crun, `--root=${state}`, 'delete', '--force', id]);
}

/** Docker: a build's command has no HOSTNAME of its own accord, and proxies come last; of two with one name the first counts. */
function configOf(op: RunOp, plan: ContainerPlan, facts: HostFacts): OciConfig {
  const config = makeConfig(plan, facts);
  const own = op.env.has('HOSTNAME')
    ? config.process.env
    : config.process.env.filter((entry) => !entry.startsWith('HOSTNAME='));
  const env = [...own, ...[...op.proxyEnv].map(([name, value]) => `${name}=${value}`)];
  return { ...config, process: { ...config.process, env } };
}

/** With the modes everybody expects; crun makes missing ones sticky. */
function makeMountPoints(rootPath: string, plan: ContainerPlan): void {
  const root = openRoot(rootPath);
  try {
    const owner = { uid: 0, gid: 0 };
    for (const path of ['/proc', '/sys', '/dev']) makeDirectories(root, path, { owner });
    for (const { type, source, destination } of plan.mounts.user) {
      if (/^\/(?:dev|proc|sys)\//.test(destination)) continue;
      const isDirectory = type === 'tmpfs' || statSync(source).isDirectory();
      const path = isDirectory ? destination : destination.slice(0, destination.lastIndexOf('/'));
      makeDirectories(root, path, { owner });
    }
  } finally {
    root.close();
  }
}

/** crun's state of build containers, apart from that of the engine's containers. */
export function crunState(runDir: string): string {
  return join(runDir, 'crun');
}

function failed(op: RunOp, exitCode: number): NaruError {
  const message = `process ${JSON.stringify(op.argv.join(' '))} did not complete successfully: exit code: ${exitCode}`;
  return new NaruError('invalid-argument', 'E_RUN_FAILED', message, {
    cause: new RunFailure(message, exitCode),
  });
}

/** A container that cannot be killed by then never was. */
const MAX_START_MS = 10_000;
const RETRY_MS = 20;

async function runContainer(
  id: string,
  bundle: string,
  { parts, migrationLock, onOutput, signal }: StepContext,
): Promise<number> {
  const argv = [
    parts.crun,
    `--root=${crunState(parts.runDir)}`,
    '--log-format=text',
    'run',
    '--bundle',
    bundle,
    id,
  ] as const;
  mkdirSync(crunState(parts.runDir), { recursive: true, mode: 0o700 });
  signal.throwIfAborted();
  void migrationLock.warm(); // preparing may have taken longer than it stays so
  const crun = await startLightProcess(argv);
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  for (const stream of ['stdout', 'stderr'] as const) {
    crun[stream].on('data', (chunk: Buffer) =>
      onOutput(stream, decoders[stream].decode(chunk, { stream: true })),
    );
  }
  let hasEnded = false;
  /** The container's first process is what has to end; crun then ends by itself, and takes its cgroups away. One that is killed while it starts leaves them. */
  async function killContainer(): Promise<void> {
    const deadline = performance.now() + MAX_START_MS;
    while (!hasEnded) {
      const killing = [parts.crun, `--root=${crunState(parts.runDir)}`, 'kill', id, 'KILL'];
      if ((await execStatus(killing)).exitCode === 0) return;
      if (performance.now() > deadline) crun.kill();
      else await delay(RETRY_MS);
    }
  }
  function kill(): void {
    void killContainer().catch(() => crun.kill()); // crun itself cannot be run
  }
  signal.addEventListener('abort', kill, { once: true });
  if (signal.aborted) kill(); // while it was started
  try {
    return await crun.closed;
  } finally {
    hasEnded = true;
    signal.removeEventListener('abort', kill);
    signal.throwIfAborted();
  }
}

async function attach(op: RunOp, id: string, { parts }: StepContext): Promise<Attachment | undefined> {
  if (op.network !== 'default') return undefined;
  const endpoints = [{ network: 'bridge', aliases: [] }];
  const request = {
    containerId: id,
    containerName: id,
    hostname: id.slice(0, 18),
    mode: 'bridge',
    endpoints,
    ports: [],
  } as const;
  return parts.networking.attach(request);
}

function hostnameOf({ hostname = 'buildkitsandbox' }: RunOp): string {
  return hostname;
}

interface EtcFiles {
  readonly hosts: string;
  readonly resolvConf: string | undefined;
}

function writeEtcFiles(op: RunOp, bundle: string, attachment: Attachment | undefined): EtcFiles {
  const lines = [`127.0.0.1\tlocalhost ${hostnameOf(op)}`, '::1\tlocalhost ip6-localhost ip6-loopback'];
  const gateway = attachment?.endpoints[0]?.gateway ?? '127.0.0.1';
  for (const { name, address } of op.extraHosts)
    lines.push(`${address === 'host-gateway' ? gateway : address}\t${name}`);
  const hosts = join(bundle, 'hosts');
  writeFileSync(hosts, `${lines.join('\n')}\n`, { mode: 0o644 });
  if (op.network === 'host') return { hosts, resolvConf: '/etc/resolv.conf' };
  const resolvConf = join(bundle, 'resolv.conf');
  const servers = (attachment?.nameservers ?? []).map((line) =>
    line.includes(' ') ? line : `nameserver ${line}`,
  );
  writeFileSync(resolvConf, `${servers.join('\n')}\n`, { mode: 0o644 });
  return { hosts, resolvConf };
}

function cgroupOf({ cgroupParent }: RunOp, id: string, parts: StepContext['parts']): string {
  return `${cgroupParent ?? parts.cgroupParent}/${id}`;
}

/** Docker: an unknown user fails as the command would. */
function commandUser(op: RunOp, root: string): ResolvedUser {
  try {
    return userInRoot(root, op.user);
  } catch (error) {
    if (!(error instanceof NaruError)) throw error;
    const command = JSON.stringify(op.argv.join(' '));
    const message = `process ${command} did not complete successfully: ${error.message}`;
    throw new NaruError(error.kind, error.code, message, { cause: error });
  }
}

/** Docker: a working directory that is not there is made for the user. */
function makeWorkingDirectory(op: RunOp, rootPath: string): void {
  const owner = knownUser(rootPath, op.user);
  const root = openRoot(rootPath);
  try {
    makeDirectories(root, op.cwd, { owner });
  } finally {
    root.close();
  }
}

function planContainer(
  op: RunOp,
  id: string,
  rootPath: string,
  { parts }: StepContext,
  mounts: PreparedMounts,
  etc: EtcFiles,
  attachment: Attachment | undefined,
): ContainerPlan {
  const variables = [...op.env, ...mounts.env];
  const files: readonly UserMount[] = [
    bindFile(etc.hosts, '/etc/hosts'),
    ...(etc.resolvConf === undefined ? [] : [bindFile(etc.resolvConf, '/etc/resolv.conf')]),
  ];
  return {
    process: {
      args: op.argv,
      env: variables.map(([name, value]) => `${name}=${value}`),
      cwd: op.cwd,
      user: commandUser(op, rootPath),
      tty: false,
      hostname: hostnameOf(op),
      ulimits: op.ulimits,
      oomScoreAdj: 0,
    },
    security: {
      privileged: op.security === 'insecure',
      capAdd: [],
      capDrop: [],
      noNewPrivileges: false,
      seccomp: 'default',
    },
    rootfs: rootPath,
    readonlyRootfs: false,
    domainname: '',
    namespaces: {
      pid: 'private',
      ipc: 'private',
      uts: 'private',
      cgroup: 'private',
      network: op.network === 'host' ? 'host' : networkOf(attachment),
    },
    mounts: {
      user: [...files.filter((file) => !isHidden(file, mounts.user)), ...mounts.user],
      shmSizeBytes: op.shmSizeBytes ?? DEFAULT_SHM_BYTES,
      hasHostNetwork: op.network === 'host',
    },
    devices: [],
    deviceCgroupRules: [],
    limits: {},
    deviceLimits: NO_DEVICE_LIMITS,
    sysctls: {},
    cgroupsPath: cgroupOf(op, id, parts),
    annotations: {},
  };
}

/** A mount of the step at the file or above it takes its place. */
function isHidden(file: UserMount, mounts: readonly UserMount[]): boolean {
  return mounts.some(
    ({ destination }) => file.destination === destination || file.destination.startsWith(`${destination}/`),
  );
}

function networkOf(attachment: Attachment | undefined): ContainerPlan['namespaces']['network'] {
  return attachment?.netnsPath === undefined ? 'private' : { path: attachment.netnsPath };
}

/** Read-only, as in BuildKit: what a command wrote would be lost, or reach the files of the host. */
function bindFile(source: string, destination: string): UserMount {
  return {
    type: 'bind',
    source,
    destination,
    isWritable: false,
    propagation: '',
    isRecursive: false,
    options: [],
  };
}
