/** The demo's engine: started as a user would start it, stopped and removed whatever happens. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const NARU = join(import.meta.dirname, '..', '..', 'bin', 'naru');

export interface DemoEngine {
  /** Runs `naru` against this engine; answers stdout. @throws Error when the exit code is not one of `exitCodes` */
  readonly naru: (args: readonly string[], exitCodes?: readonly number[]) => string;
  readonly stop: () => Promise<void>;
}

/** Starts an engine with its root and socket in `folder` and waits until it answers. */
export async function startEngine(folder: string): Promise<DemoEngine> {
  const socket = `unix://${join(folder, 'naru.sock')}`;
  const child = spawn(
    process.execPath,
    [NARU, 'engine', '--root', join(folder, 'root'), '--listen', socket],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await ready(child);
  return {
    naru: (args, exitCodes = [0]) => runNaru(socket, args, exitCodes),
    async stop() {
      runNaru(socket, ['rm', '-f', '--all'], [0, 1]);
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** The engine prints one JSON line when it answers. */
async function ready(child: ChildProcess): Promise<void> {
  if (!child.stdout) throw new Error('the engine has no stdout');
  const lines = createInterface({ input: child.stdout });
  const died = new Promise<never>((_resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the engine ended with ${code} before it was ready`)));
  });
  const isReady = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (line.includes('"ready"')) resolve();
    });
  });
  await Promise.race([isReady, died]);
}

function runNaru(socket: string, args: readonly string[], exitCodes: readonly number[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [NARU, '--host', socket, ...args], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (exitCodes.includes(status ?? -1)) return stdout;
  throw new Error(`naru ${args.join(' ')} ended with ${status}:\n${stderr}${stdout}`);
}
