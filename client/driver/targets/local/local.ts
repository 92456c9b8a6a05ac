/**
 * The local engine: found by its socket, started when nobody answers there.
 * It runs in a session of its own and goes on when the editor or the command ends.
 */

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { NaruError } from '../../../../core/errors.ts';
import { unixConnect } from '../../../../local/http/unix.ts';
import { makeFolder } from '../../../../local/make-folder.ts';
import { ENGINE_NODE_FLAGS } from '../../engine-flags.ts';
import type { Target, TargetOptions } from '../target.ts';
import { openUnixTarget } from '../unix.ts';
import { type LocalPlaces, localPlaces } from './places.ts';

const START_TIMEOUT_MS = 20_000;

/**
 * `NARU_ROOT` and `NARU_SOCKET` of the options choose its places; `NARU_REGISTRY_MIRROR` is passed to an engine that is started.
 *
 * @throws NaruError "unavailable" when it can't be started, with the last line it said; "unimplemented" off Linux; as `localPlaces`
 */
export async function openLocalTarget(options: TargetOptions): Promise<Target> {
  const places = localPlaces(options.env);
  const target: Target = { ...openUnixTarget(places.socket), kind: 'local', label: 'local engine' };
  if (await answers(places.socket)) return target;
  if (process.platform !== 'linux') {
    throw new NaruError('unimplemented', 'E_LOCAL_OS', 'the engine runs on Linux', {
      hint: 'choose a Linux host over SSH: --host user@host',
    });
  }
  options.onProgress?.('starting the local engine');
  await startEngine(places, options);
  return target;
}

async function startEngine(places: LocalPlaces, options: TargetOptions): Promise<void> {
  // Most commands find an engine that runs and need none of this.
  const { obtainEngine } = await import('./locate.ts');
  const { node, script } = await obtainEngine(options);
  const mirror = options.env['NARU_REGISTRY_MIRROR'];
  makeFolder(places.root, { mode: 0o711, hint: 'NARU_ROOT chooses another place for the engine' });
  // A name of its own until it is the one: the log of an engine that runs is not touched.
  const output = join(places.root, `start.log.${process.pid}-${randomBytes(4).toString('hex')}`);
  const lasting = join(places.root, 'start.log');
  const log = openSync(output, 'w', 0o600);
  const args = [...ENGINE_NODE_FLAGS, script, '--root', places.root, '--listen', `unix://${places.socket}`];
  const child = spawn(node, mirror === undefined ? args : [...args, '--registry-mirror', mirror], {
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  let exit: number | undefined;
  child.once('exit', (code) => (exit = code ?? 1));
  const spawned = new Promise<never>((_resolve, reject) => child.once('error', reject));
  await Promise.race([untilAnswers(places.socket, () => exit !== undefined, options.signal), spawned]);
  const said = exit === undefined ? '' : (readFileSync(output, 'utf8').trim().split('\n').at(-1) ?? '');
  if (exit !== undefined && WAS_BEATEN.test(said)) {
    rmSync(output, { force: true });
    const isThere = await untilAnswers(places.socket, () => false, options.signal).then(
      () => true,
      (error: unknown) => {
        if (error instanceof NaruError && error.kind === 'timeout') return false;
        throw error;
      },
    );
    if (isThere) return;
  } else renameSync(output, lasting);
  if (exit === undefined) return;
  throw new NaruError(
    'unavailable',
    'E_LOCAL_ENGINE',
    `the local engine did not start: ${said || `it ended with ${exit}`}`,
    { hint: startHint(lasting) },
  );
}

/** What an engine says on a root or a socket that another one took first: runtime/store/root-lock.ts, runtime/socket.ts. */
const WAS_BEATEN = /^engine: another (?:engine|process) /;

function startHint(log: string): string {
  if (process.getuid?.() === 0) return `its log is ${log}`;
  return 'the engine needs root so far: run it with sudo, or choose a Linux host over SSH, such as --host root@box';
}

/** Returns early when the engine has ended. */
async function untilAnswers(socket: string, hasEnded: () => boolean, signal?: AbortSignal): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!hasEnded() && !(await answers(socket))) {
    if (signal?.aborted)
      throw new NaruError('cancelled', 'E_CANCELLED', 'starting the local engine was cancelled');
    if (performance.now() > deadline)
      throw new NaruError('timeout', 'E_LOCAL_ENGINE', 'the local engine does not answer');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A socket that may not be opened is not free to start another engine on. */
async function answers(socket: string): Promise<boolean> {
  try {
    const stream = await unixConnect(socket)();
    stream.destroy();
    return true;
  } catch (error) {
    if (error instanceof NaruError && error.kind === 'forbidden') throw error;
    return false;
  }
}
