/** Docker's own command line against an engine: the one on PATH, else the one in Debian's docker.io package, unpacked but not installed. */

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

export interface CommandResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface DockerOptions {
  readonly input?: string;
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export interface DockerCli {
  readonly path: string;
  /** Runs `docker …args`; never throws for an exit code. */
  run(args: readonly string[], options?: DockerOptions): Promise<CommandResult>;
  /** stdout without the last newline. @throws when the exit code is not 0 */
  out(args: readonly string[], options?: DockerOptions): Promise<string>;
  /** Runs a shell line in which `docker` is this one. */
  shell(line: string, options?: DockerOptions): Promise<CommandResult>;
  /** Deletes its configuration folder. */
  close(): void;
}

/** A CLI with an empty configuration of its own. */
export function dockerCli(host: string): DockerCli {
  const path = dockerPath();
  const config = mkdtempSync(join(tmpdir(), 'naru-docker-'));
  writeFileSync(join(config, 'config.json'), '{}');
  const env = {
    ...process.env,
    PATH: `${join(path, '..')}:${process.env['PATH'] ?? ''}`,
    DOCKER_HOST: host,
    DOCKER_CONFIG: config,
    DOCKER_BUILDKIT: '0',
  };
  function run(argv: readonly string[], options: DockerOptions = {}): Promise<CommandResult> {
    return runCommand(argv, { ...env, ...options.env }, options);
  }
  return {
    path,
    run: (args, options) => run([path, ...args], options),
    shell: (line, options) => run(['/bin/sh', '-c', line], options),
    out: async (args, options) => {
      const { status, stdout, stderr } = await run([path, ...args], options);
      if (status !== 0) throw new Error(`docker ${args.join(' ')} ended with ${status}: ${stderr}`);
      return stdout.replace(/\n$/, '');
    },
    close: () => rmSync(config, { recursive: true, force: true }),
  };
}

function runCommand(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  { input, timeoutMs = 30_000 }: DockerOptions,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const [file = '', ...args] = argv;
    const child = spawn(file, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdin.on('error', () => undefined); // it may end before it has read everything
    child.stdin.end(input ?? '');
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ status: code ?? -1, stdout, stderr });
    });
  });
}

function dockerPath(): string {
  for (const folder of (process.env['PATH'] ?? '').split(':')) {
    if (folder !== '' && existsSync(join(folder, 'docker'))) return join(folder, 'docker');
  }
  const cache =
    process.env['NARU_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'naru');
  const folder = join(cache, 'docker-cli');
  if (!existsSync(join(folder, 'usr/bin/docker'))) unpackDockerPackage(folder);
  return join(folder, 'usr/bin/docker');
}

/** Debian 12 has the CLI in docker.io, Debian 13 in docker-cli. */
function unpackDockerPackage(folder: string): void {
  mkdirSync(join(folder, '..'), { recursive: true });
  const scratch = mkdtempSync(`${folder}-`);
  try {
    const isFetched = ['docker-cli', 'docker.io'].some(
      (name) => spawnSync('apt-get', ['download', '-q', name], { cwd: scratch }).status === 0,
    );
    const file = readdirSync(scratch).find((name) => name.endsWith('.deb'));
    if (!isFetched || file === undefined)
      throw new Error('neither docker-cli nor docker.io could be downloaded');
    const { status } = spawnSync('dpkg', ['-x', file, 'root'], { cwd: scratch });
    if (status !== 0) throw new Error(`dpkg -x ${file} ended with ${status}`);
    rmSync(folder, { recursive: true, force: true });
    renameSync(join(scratch, 'root'), folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
