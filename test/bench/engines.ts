/**
 * The engines that are compared: ours from `dist/`, and a dockerd where one is found, each in a temporary root and a network namespace of its own.
 * A dockerd is taken from NARU_BENCH_DOCKERD, else from PATH; docker's client, containerd and buildx from beside it, else from PATH.
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

import { type Command, runCommand } from './measure.ts';

const REPOSITORY = join(import.meta.dirname, '../..');
const NARU = join(REPOSITORY, 'bin/naru');
const DEADLINE_MS = 60_000;

export interface BenchEngine {
  readonly name: string;
  readonly version: string;
  /** Whose CPU time is counted: long-living processes of the engine. */
  pids(): readonly number[];
  /** docker's client talking to it. */
  docker(args: readonly string[]): Command;
  stop(): Promise<void>;
}

export interface NaruUnderBench extends BenchEngine {
  /** Our own client talking to it. */
  naru(args: readonly string[]): Command;
}

/** @throws Error when it does not answer */
export async function startNaru(dockerd: string | undefined): Promise<NaruUnderBench> {
  const folder = mkdtempSync(join(tmpdir(), 'naru-bench-'));
  const host = `unix://${join(folder, 'naru.sock')}`;
  const engine = [process.execPath, NARU, 'engine', '--root', join(folder, 'root'), '--listen', host];
  const child = inOwnNetwork(engine, []);
  if (child.stdout === null) throw new Error('the engine has no stdout');
  const [line]: unknown[] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    died(child),
  ]);
  const pid = readyPid(String(line));
  const env = clientEnvironment(host, folder, dockerd);
  return {
    name: 'naru',
    version: runCommand({ argv: [process.execPath, NARU, '--version'] }).trim(),
    pids: () => [pid],
    docker: (args) => ({ argv: [dockerPath(dockerd), ...args], env }),
    naru: (args) => ({ argv: [process.execPath, NARU, '--host', host, ...args] }),
    stop: async () => {
      await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Undefined where there is none. @throws Error when there is one that does not answer */
export async function startDockerd(): Promise<BenchEngine | undefined> {
  const path = findDockerd();
  if (path === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'naru-bench-dockerd-'));
  const host = `unix://${join(folder, 'docker.sock')}`;
  const roots = ['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')];
  const argv = [path, ...roots, '-H', host, '--pidfile', join(folder, 'pid')];
  const env = { ...process.env, PATH: pathBeside(path) };
  // Its mounts go with its mount namespace.
  const child = inOwnNetwork(argv, ['--mount'], env);
  const client = clientEnvironment(host, folder, path);
  const docker = (args: readonly string[]): Command => ({ argv: [dockerPath(path), ...args], env: client });
  await Promise.race([answers(docker(['version'])), died(child)]);
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
  const version = runCommand(docker(['version', '-f', '{{.Server.Version}}, client {{.Client.Version}}']));
  return {
    name: 'dockerd',
    version: version.trim(),
    pids: () => [pid, ...childrenOf(pid)],
    docker,
    stop: async () => {
      await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function findDockerd(): string | undefined {
  const given = process.env['NARU_BENCH_DOCKERD'];
  if (given !== undefined && given !== '') return given;
  const { status, stdout } = spawnSync('sh', ['-c', 'command -v dockerd'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** Of the engine itself, which `naru engine` started. */
function readyPid(line: string): number {
  const ready: unknown = JSON.parse(line);
  if (typeof ready === 'object' && ready !== null && 'pid' in ready) return Number(ready.pid);
  throw new Error(`the engine said ${line}`);
}

function inOwnNetwork(
  argv: readonly string[],
  namespaces: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): ChildProcess {
  const setUp = ['sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
  return spawn('unshare', ['--net', ...namespaces, ...setUp, ...argv], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function clientEnvironment(
  host: string,
  folder: string,
  dockerd: string | undefined,
): Record<string, string> {
  const config = join(folder, 'client');
  mkdirSync(config, { recursive: true });
  const plugins = dockerd === undefined ? [] : [join(dirname(dockerd), '../libexec/docker/cli-plugins')];
  writeFileSync(join(config, 'config.json'), JSON.stringify({ cliPluginsExtraDirs: plugins }));
  return { DOCKER_HOST: host, DOCKER_CONFIG: config };
}

/** The same client for both engines. */
function dockerPath(dockerd: string | undefined): string {
  const beside = dockerd === undefined ? '' : join(dirname(dockerd), '../bin/docker');
  return existsSync(beside) ? beside : 'docker';
}

function pathBeside(dockerd: string): string {
  return [dirname(dockerd), join(dirname(dockerd), '../bin'), process.env['PATH'] ?? ''].join(delimiter);
}

async function answers(command: Command): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    try {
      runCommand(command);
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(200);
    }
  }
}

async function died(child: ChildProcess): Promise<never> {
  const [code]: unknown[] = await once(child, 'exit');
  throw new Error(`${child.spawnargs.join(' ')} ended with ${String(code)}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

function childrenOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}
