/** `POST /containers/{id}/exec` and `/exec/{id}/…`: added processes and their sessions. */

import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';

import { DetachKeys } from '../../../../core/engine-api/detach-keys.ts';
import { NaruError } from '../../../../core/errors.ts';
import { execMonitored, MonitorError, resizeTerminal } from '../../../oci-runtime/conmon.ts';
import { execDir } from '../../../oci-runtime/runtime-dirs.ts';
import { type ExecFailure, execFailure } from '../../../oci-runtime/runtime-errors.ts';
import type { ContainerEntry } from '../container-entry.ts';
import { publishContainer } from '../container-events.ts';
import { notRunning } from '../not-running.ts';
import type { ContainerParts } from '../parts.ts';
import type { AttachSession, ExecRequest, ExecStartOptions } from '../requests.ts';
import { AttachStream } from './attach-stream.ts';
import { ExecEntry } from './exec-entry.ts';
import { ExecStream } from './exec-stream.ts';
import {
  checkExecUser,
  hasStarted,
  prepareExec,
  readExecPid,
  readExecProblem,
  spawnExec,
  whenStarted,
  type PreparedExec,
} from './exec-run.ts';

/** How many ended execs of a container can still be inspected. */
const MAX_ENDED_EXECS = 100;

/** @throws conflict in Docker's words when the container does not run; invalid-argument without a command or for an unknown user */
export async function createExec(
  parts: ContainerParts,
  entry: ContainerEntry,
  request: ExecRequest,
): Promise<string> {
  checkRunning(entry);
  if (request.cmd.length === 0)
    throw new NaruError('invalid-argument', 'E_NO_COMMAND', 'No exec command specified');
  await checkExecUser(parts, entry, request);
  const exec = new ExecEntry(randomBytes(32).toString('hex'), entry.id, request);
  entry.execs.set(exec.id, exec);
  publishContainer(parts.events, entry, `exec_create: ${request.cmd.join(' ')}`, { execID: exec.id });
  return exec.id;
}

/** @throws not-found in Docker's words */
export function findExec(parts: ContainerParts, execId: string): { entry: ContainerEntry; exec: ExecEntry } {
  for (const entry of parts.table.all()) {
    const exec = entry.execs.get(execId);
    if (exec !== undefined) return { entry, exec };
  }
  throw new NaruError('not-found', 'E_NO_SUCH_EXEC', `No such exec instance: ${execId}`);
}

/** @returns undefined when detached */
export async function startExec(
  parts: ContainerParts,
  execId: string,
  options: ExecStartOptions,
): Promise<AttachSession | undefined> {
  const { entry, exec } = findExec(parts, execId);
  checkRunning(entry);
  if (exec.isStarted) {
    throw new NaruError('conflict', 'E_EXEC_STARTED', `Error: Exec command ${execId} is already running`);
  }
  exec.isStarted = true;
  const request = { ...exec.request, tty: options.tty ?? exec.request.tty ?? false };
  const prepared = await prepareExec(parts, entry, exec.id, request).catch((error: unknown) => {
    exec.exitCode = 126;
    throw error;
  });
  publishContainer(parts.events, entry, `exec_start: ${request.cmd.join(' ')}`, { execID: exec.id });
  exec.isRunning = true;
  if (options.detach) return runDetached(parts, entry, exec, prepared);
  if (request.tty) return startOnTerminal(parts, entry, exec, prepared, options);
  return startOnPipes(parts, entry, exec, prepared);
}

export async function resizeExec(
  parts: ContainerParts,
  execId: string,
  height: number,
  width: number,
): Promise<void> {
  const { exec } = findExec(parts, execId);
  if (!exec.isRunning)
    throw new NaruError('conflict', 'E_EXEC_ENDED', `exec process is not running: ${execId}`);
  await resizeTerminal(execDir(parts.dirs, execId), height, width);
}

/** Docker: answers when the process runs. @throws invalid-argument when it cannot be run */
async function runDetached(
  parts: ContainerParts,
  entry: ContainerEntry,
  exec: ExecEntry,
  prepared: PreparedExec,
): Promise<undefined> {
  const child = spawnExec(parts, entry, prepared, 'none');
  const started = whenStarted(child, prepared);
  let failure: ExecFailure | undefined;
  child.once('error', () => finish(parts, entry, exec, prepared, 126));
  child.once('exit', (code) => {
    failure = failureOf(exec, prepared);
    finish(parts, entry, exec, prepared, failure?.exitCode ?? code ?? 137);
  });
  child.unref();
  await started;
  if (failure !== undefined) throw new NaruError('invalid-argument', 'E_EXEC', failure.text);
}

function startOnPipes(
  parts: ContainerParts,
  entry: ContainerEntry,
  exec: ExecEntry,
  prepared: PreparedExec,
): AttachSession {
  const { attachStdin, attachStdout, attachStderr } = exec.request;
  const child = spawnExec(parts, entry, prepared, 'pipes');
  const stream = new ExecStream(child, {
    stdin: attachStdin === true,
    stdout: attachStdout === true,
    stderr: attachStderr === true,
    started: whenStarted(child, prepared),
  });
  child.once('error', (error) => {
    finish(parts, entry, exec, prepared, 126);
    stream.finish(`${error.message}\n`);
  });
  child.once('exit', (code) => {
    const failure = failureOf(exec, prepared);
    const end = (): void => {
      finish(parts, entry, exec, prepared, failure?.exitCode ?? code ?? 137);
      // Docker's client prints it as output.
      stream.finish(failure === undefined ? '' : `${failure.text}\r\n`);
    };
    if (stream.isDrained) end();
    else stream.once('drained', end);
  });
  return { isTty: false, stream };
}

/** Why the process of an exec that has ended never came to be; undefined when it did. */
function failureOf(exec: ExecEntry, prepared: PreparedExec): ExecFailure | undefined {
  if (hasStarted(prepared)) return undefined;
  return execFailure(readExecProblem(prepared), exec.request.cmd[0] ?? '');
}

async function startOnTerminal(
  parts: ContainerParts,
  entry: ContainerEntry,
  exec: ExecEntry,
  prepared: PreparedExec,
  options: ExecStartOptions,
): Promise<AttachSession> {
  const { request } = exec;
  const stream = new AttachStream({
    hasStdin: request.attachStdin === true,
    isTty: true,
    detachKeys: new DetachKeys(request.detachKeys),
    onDetach: () => publishContainer(parts.events, entry, 'exec_detach', { execID: exec.id }),
  });
  try {
    const hasStdin = request.attachStdin === true;
    const running = await execMonitored(
      parts.dirs,
      entry.id,
      exec.id,
      prepared.processFile,
      hasStdin,
      options.consoleSize,
    );
    exec.pid = running.pid;
    stream.use(running.connection);
    running.exited
      .catch(() => 137)
      .then((exitCode) => finish(parts, entry, exec, prepared, exitCode))
      .catch((error: unknown) => parts.onProblem(`cannot finish exec ${exec.id}`, error));
  } catch (error) {
    if (!(error instanceof MonitorError)) throw error;
    const words = readExecProblem(prepared);
    const failure = execFailure(words === '' ? error.message : words, request.cmd[0] ?? '');
    finish(parts, entry, exec, prepared, failure.exitCode);
    stream.prepend(Buffer.from(`${failure.text}\r\n`));
    stream.finish();
  }
  return { isTty: true, stream };
}

function finish(
  parts: ContainerParts,
  entry: ContainerEntry,
  exec: ExecEntry,
  prepared: PreparedExec,
  exitCode: number,
): void {
  exec.isRunning = false;
  exec.exitCode = exitCode;
  exec.pid = exec.pid === 0 ? readExecPid(prepared) : exec.pid;
  publishContainer(parts.events, entry, 'exec_die', { execID: exec.id, exitCode: String(exitCode) });
  void rm(prepared.directory, { recursive: true, force: true });
  forgetOldest(entry);
}

/** Clients ask for the exit code right after the end; what is older only fills the memory. */
function forgetOldest(entry: ContainerEntry): void {
  const ended = [...entry.execs.values()].filter(({ exitCode }) => exitCode !== undefined);
  for (const { id } of ended.slice(0, -MAX_ENDED_EXECS)) entry.execs.delete(id);
}

function checkRunning(entry: ContainerEntry): void {
  const { status } = entry.state;
  if (status === 'running') return;
  if (status !== 'paused') throw notRunning(entry);
  const message = `Container ${entry.record.name} is paused, unpause the container before exec`;
  throw new NaruError('conflict', 'E_NOT_RUNNING', message);
}
