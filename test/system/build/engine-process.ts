/** An engine in a process of its own, for tests that kill it, and the few requests they make. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

import type { BuildEvent } from '../../../core/protocol/build.ts';
import { mountPointsBelow, unmountIfMounted } from '../../../runtime/host/overlay-mount.ts';

export interface EngineProcess {
  readonly directory: string;
  /** SIGKILL, and a new process on the same root. */
  killAndRestart(): Promise<void>;
  /** Ends it and removes every trace. */
  remove(): Promise<void>;
  /** Status and JSON body. */
  call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: unknown }>;
  /** Lines of a streaming answer as they come. */
  lines(method: string, path: string, body?: unknown): AsyncGenerator<string, void, void>;
}

/** `options` are those of the engine's command line besides root and socket. */
export async function startEngine(options: readonly string[] = []): Promise<EngineProcess> {
  const directory = fs.mkdtempSync(join(tmpdir(), 'naru-engine-'));
  let child = await spawnEngine(directory, options);
  async function end(signal: NodeJS.Signals): Promise<void> {
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
  return {
    directory,
    killAndRestart: async () => {
      await end('SIGKILL');
      child = await spawnEngine(directory, options);
    },
    remove: async () => {
      await end('SIGTERM');
      for (const point of mountPointsBelow(directory)) unmountIfMounted(point);
      fs.rmSync(directory, { recursive: true, force: true });
    },
    call: async (method, path, body) => {
      const { status, stream } = await send(directory, method, path, body);
      const text = await textOf(stream);
      return { status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
    },
    lines: (method, path, body) => linesOf(directory, method, path, body),
  };
}

/** Reads events to the end of the build. */
export async function eventsOf(lines: AsyncIterable<string>): Promise<readonly BuildEvent[]> {
  const events: BuildEvent[] = [];
  for await (const line of lines) events.push(JSON.parse(line) as BuildEvent);
  return events;
}

async function spawnEngine(directory: string, options: readonly string[]): Promise<ChildProcess> {
  const main = join(import.meta.dirname, '../../../runtime/main.ts');
  const args = [
    main,
    '--root',
    join(directory, 'root'),
    '--listen',
    `unix://${join(directory, 'sock')}`,
    ...options,
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('"ready"')) break;
  return child;
}

async function send(
  directory: string,
  method: string,
  path: string,
  body: unknown,
): Promise<{ readonly status: number; readonly stream: Readable }> {
  const isRaw = body instanceof Readable || body instanceof Uint8Array || typeof body === 'string';
  const asked = request({ socketPath: join(directory, 'sock'), method, path });
  if (body instanceof Readable) body.pipe(asked);
  else asked.end(isRaw ? body : body === undefined ? undefined : JSON.stringify(body));
  const [response] = await once(asked, 'response');
  asked.on('error', () => undefined);
  return { status: response.statusCode, stream: response };
}

async function* linesOf(
  directory: string,
  method: string,
  path: string,
  body: unknown,
): AsyncGenerator<string, void, void> {
  const { status, stream } = await send(directory, method, path, body);
  if (status !== 200) throw new Error(`${method} ${path}: ${status} ${await textOf(stream)}`);
  // An engine that is killed, or a reader that leaves, ends the stream early: that is what these tests do.
  stream.on('error', () => undefined);
  try {
    for await (const line of createInterface({ input: stream })) yield line;
  } finally {
    stream.destroy();
  }
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
