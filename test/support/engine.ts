/** An engine for tests: in a temporary root, or somebody else's dockerd on the socket in NARU_TEST_DOCKERD. */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

const REPOSITORY = join(import.meta.dirname, '../..');

export interface EngineUnderTest {
  readonly name: string;
  readonly socketPath: string;
  readonly host: string;
  /** Its root directory; '' for a foreign engine. */
  readonly root: string;
  readonly pid: number | undefined;
  /** Removes all containers, ends the process and deletes the root. */
  stop(): Promise<void>;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface StartOptions {
  /** A folder of an engine that ended, to start another one on. */
  readonly folder?: string;
  readonly args?: readonly string[];
  /** Of whoever starts it. */
  readonly cwd?: string;
  /** Of whoever starts it, octal. */
  readonly umask?: string;
}

/** Starts Naru's engine from source and waits until it answers. */
export async function startEngine(
  options: StartOptions = {},
): Promise<
  EngineUnderTest & { readonly kill: (signal: NodeJS.Signals) => Promise<void>; readonly folder: string }
> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'naru-engine-'));
  const socketPath = join(folder, 'engine.sock');
  const { args = [], cwd, umask } = options;
  const command = [
    ...(umask === undefined ? [] : ['sh', '-c', `umask ${umask}; exec "$@"`, 'sh']),
    process.execPath,
    join(REPOSITORY, 'runtime/main.ts'),
    '--root',
    join(folder, 'root'),
    '--listen',
    `unix://${socketPath}`,
    ...args,
  ];
  const [program = '', ...rest] = command;
  const child = spawn(program, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  await readyLine(child);
  async function kill(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
  return {
    name: 'naru',
    socketPath,
    host: `unix://${socketPath}`,
    root: join(folder, 'root'),
    folder,
    pid: child.pid,
    kill,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) await removeContainers(socketPath);
      await kill('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The engines a table runs against: Naru's, and a dockerd where one is offered. */
export function foreignEngine(): EngineUnderTest | undefined {
  const socketPath = process.env['NARU_TEST_DOCKERD'];
  if (socketPath === undefined || socketPath === '') return undefined;
  return {
    name: 'dockerd',
    socketPath,
    host: `unix://${socketPath}`,
    root: '',
    pid: undefined,
    stop: () => removeContainers(socketPath),
  };
}

/** The engine that client tests talk to: Naru's, or the foreign one where NARU_TEST_DOCKERD names it, to check the expectations themselves. */
export async function engineForClients(): Promise<EngineUnderTest> {
  return foreignEngine() ?? (await startEngine());
}

async function readyLine(child: ChildProcess): Promise<void> {
  if (child.stdout === null || child.stderr === null) throw new Error('the engine has no output');
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-4000)));
  const lines = createInterface({ input: child.stdout });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      if (line.includes('"ready"')) resolve();
    });
    child.once('exit', (code) =>
      reject(new Error(`the engine ended with ${code} before it was ready: ${errors}`)),
    );
  });
}

async function removeContainers(socketPath: string): Promise<void> {
  const { text, status } = await ask(socketPath, 'GET', '/containers/json?all=1');
  if (status !== 200) return;
  const rows = JSON.parse(text) as { readonly Id: string }[]; // the engine under test made it
  for (const { Id } of rows) await ask(socketPath, 'DELETE', `/containers/${Id}?force=1&v=1`);
}

/** One request; `body` is sent as JSON, or streamed. */
export async function ask(
  socketPath: string,
  method: string,
  path: string,
  body?: Readable | object | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const isStream = body !== undefined && typeof body === 'object' && 'pipe' in body;
  const text =
    body === undefined || isStream ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        socketPath,
        method,
        path,
        headers: {
          Host: 'docker',
          ...(text === undefined
            ? {}
            : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
          ...headers,
        },
      },
      (response) => {
        buffer(response).then(
          (bytes) =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text: bytes.toString('utf8'),
            }),
          reject,
        );
      },
    );
    sent.once('error', reject);
    if (isStream) body.pipe(sent);
    else sent.end(text);
  });
}
