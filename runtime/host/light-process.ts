/**
 * Starts processes by posix_spawn(3), which shares the engine's memory with the new process until it runs its program.
 * child_process.spawn forks: copying the page tables of an engine takes longer than everything else about a process that does little.
 * stdin is empty, stdout and stderr are pipes, the environment is the engine's.
 */

import { closeSync, constants } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { getSystemErrorName } from 'node:util';

import { NaruError } from '../../core/errors.ts';
import { notStarted } from './exec.ts';
import { check, libc } from './libc.ts';
import { O } from './syscalls.ts';

/** Both outputs must be read. */
export interface LightProcess {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Its exit code, as a shell tells it, once it has ended and its outputs were read to their end. Fails as "internal" E_EXEC_FAILED when the kernel does not tell it. */
  readonly closed: Promise<number>;
  /** SIGKILL; nothing when it is ending by itself. */
  kill(): void;
}

/** @throws NaruError "unavailable" E_EXEC_NOT_FOUND when the program does not exist, "internal" E_EXEC_FAILED when it cannot be run */
export async function startLightProcess(argv: readonly [string, ...string[]]): Promise<LightProcess> {
  const pipes = [openPipe(), openPipe()] as const;
  let pid: number;
  try {
    pid = await posixSpawn(argv, pipes[0].writeFd, pipes[1].writeFd);
  } catch (error) {
    for (const { readFd } of pipes) closeSync(readFd);
    throw error;
  } finally {
    for (const { writeFd } of pipes) closeSync(writeFd);
  }
  const [stdout, stderr] = [readerOf(pipes[0]), readerOf(pipes[1])];
  let isEnding = false;
  async function end(): Promise<number> {
    await Promise.all([closeOf(stdout), closeOf(stderr)]);
    isEnding = true;
    // Nobody has the pipes any more, so it is about to end: this holds a thread for a moment only.
    return exitCodeOf(pid);
  }
  const kill = (): void => {
    if (!isEnding) process.kill(pid, 'SIGKILL');
  };
  return { stdout, stderr, closed: end(), kill };
}

interface Pipe {
  readonly readFd: number;
  readonly writeFd: number;
}

function openPipe(): Pipe {
  const fds = new Int32Array(2);
  check(libc.pipe2(fds, O.CLOEXEC), 'pipe2', undefined);
  const [readFd = -1, writeFd = -1] = fds;
  return { readFd, writeFd };
}

function readerOf({ readFd }: Pipe): Socket {
  const reader = new Socket({ fd: readFd, readable: true, writable: false });
  reader.on('error', () => undefined); // "close" follows, which is all that counts
  return reader;
}

function closeOf(reader: Socket): Promise<void> {
  return new Promise((resolve) => {
    reader.once('close', () => resolve());
  });
}

/** Its pid. Signals that the engine ignores are as usual in the program, as with child_process. */
async function posixSpawn(
  argv: readonly [string, ...string[]],
  stdoutFd: number,
  stderrFd: number,
): Promise<number> {
  const actions = new Uint8Array(SPAWN_STRUCT_BYTES);
  const attributes = new Uint8Array(SPAWN_STRUCT_BYTES);
  const env = Object.entries(process.env).map(([name, value]) => `${name}=${value}`);
  const pid = new Int32Array(1);
  libc.spawnAttributesInit(attributes);
  libc.spawnAttributesSetDefaults(attributes, ALL_SIGNALS);
  libc.spawnAttributesSetFlags(attributes, SPAWN.SETSIGDEF | SPAWN.SETSIGMASK);
  libc.spawnActionsInit(actions);
  try {
    libc.spawnActionsAddOpen(actions, 0, '/dev/null', constants.O_RDWR, 0);
    libc.spawnActionsAddDup(actions, stdoutFd, 1);
    libc.spawnActionsAddDup(actions, stderrFd, 2);
    const errno = await new Promise<number>((resolve, reject) => {
      const done = (error: unknown, result: number): void =>
        error === null ? resolve(result) : reject(error);
      libc.posixSpawn.async(pid, argv[0], actions, attributes, [...argv, null], [...env, null], done);
    });
    if (errno !== 0) throw notStarted(argv, {}, spawnError(errno));
  } finally {
    libc.spawnActionsDestroy(actions);
  }
  return pid[0] ?? -1;
}

function spawnError(errno: number): Error {
  const code = getSystemErrorName(-errno);
  return Object.assign(new Error(`${code}: posix_spawn`), { code });
}

/** Takes a process that has ended, or is about to, from the kernel. */
async function exitCodeOf(pid: number): Promise<number> {
  const status = new Int32Array(1);
  const ended = await new Promise<number>((resolve, reject) =>
    libc.waitpid.async(pid, status, 0, (error, result) => (error === null ? resolve(result) : reject(error))),
  );
  // Without this, one that somebody else has taken would have ended well.
  if (ended !== pid)
    throw new NaruError('internal', 'E_EXEC_FAILED', `the kernel does not tell how process ${pid} ended`);
  const [word = 0] = status;
  const signal = word & 0x7f; // wait(2): WTERMSIG, and WEXITSTATUS
  return signal === 0 ? (word >> 8) & 0xff : 128 + signal;
}

/** Larger than posix_spawnattr_t (336) and posix_spawn_file_actions_t (80) of glibc. */
const SPAWN_STRUCT_BYTES = 512;
/** spawn.h. */
const SPAWN = { SETSIGDEF: 4, SETSIGMASK: 8 } as const;
/** A sigset_t with the signals 1 to 31. */
const ALL_SIGNALS = new Uint8Array(128).fill(0xff, 0, 4).fill(0x7f, 3, 4);
