/** One command, measured: wall clock, CPU of the command, CPU of the engine meanwhile. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import type { Sample } from './figures.ts';

export interface Command {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What its stdout must contain. */
  readonly expects?: string;
}

const MS_PER_TICK = 10;

/** @throws Error with its stderr when it fails or says something else than expected */
export function measure(command: Command, enginePids: readonly number[]): Sample {
  const engineBefore = cpuOf(enginePids);
  const clientBefore = childrenCpuMs();
  const began = performance.now();
  const stdout = runCommand(command);
  const wallMs = performance.now() - began;
  if (command.expects !== undefined && !stdout.includes(command.expects))
    throw new Error(`${command.argv.join(' ')} printed ${JSON.stringify(stdout)}`);
  return {
    wallMs,
    clientCpuMs: childrenCpuMs() - clientBefore,
    engineCpuMs: cpuOf(enginePids) - engineBefore,
  };
}

/** stdout. @throws Error with its stderr when it fails */
export function runCommand({ argv, env }: Command): string {
  const [program = '', ...args] = argv;
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status === 0) return stdout;
  throw new Error(`${argv.join(' ')} ended with ${status}: ${error?.message ?? stderr.slice(-4000)}`);
}

/** Largest resident size a process ever had. */
export function peakMemoryMb(pid: number): number {
  const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? Number.NaN) / 1024;
}

/** User and system time of processes and the children they waited for. */
export function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + ticks(`/proc/${pid}/stat`, [13, 14, 15, 16]) * MS_PER_TICK, 0);
}

function childrenCpuMs(): number {
  return ticks('/proc/self/stat', [15, 16]) * MS_PER_TICK;
}

/** Sum of fields of proc_pid_stat(5), counted from 0. */
function ticks(path: string, fields: readonly number[]): number {
  const text = readFileSync(path, 'utf8');
  // The name of the program (field 1) may hold spaces.
  const values = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields.reduce((sum, field) => sum + Number(values[field - 2] ?? 0), 0);
}
