/** Runs one case on a builder and tells what came of it, in the same shape for both builders. */

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { runCli } from '../../client/cli/run.ts';
import type { ConformanceCase, Outcome, RefusedOutcome } from './conformance-case.ts';
import type { Origin } from './origin.ts';
import { writeProject } from './project.ts';
import { comparableConfig, type ImageTree, readSavedImage, treeChanges } from './saved-image.ts';

export interface Bed {
  /** The test's server. */
  readonly origin: Pick<Origin, 'address' | 'gitAddress' | 'agent'>;
  /** The files of the base image. */
  readonly base: ImageTree;
}

/** With Docker's CLI and buildx, as the environment configures them. `docker` is the program. */
export async function buildWithDocker(docker: string, one: ConformanceCase, bed: Bed): Promise<Outcome> {
  const project = writeProject(one);
  const tag = `naru-conformance:${randomUUID()}`;
  try {
    const argv = ['buildx', 'build', '--progress=plain', '-t', tag, ...argsOf(one, bed, project.cwd)];
    const input = one.stdin === undefined ? '' : readFileSync(join(project.cwd, one.stdin));
    const built = await run(docker, argv, project.cwd, input, envOf(one, bed));
    if (built.status !== 0) return dockerRefusal(built.stderr, bed);
    const saved = await run(docker, ['save', tag], project.cwd, '');
    if (saved.stderr.includes('empty export')) return await emptyOutcome(docker, tag, bed);
    if (saved.status !== 0) throw new Error(`docker save: ${saved.stderr}`);
    return await builtOutcome(saved.stdout, bed);
  } finally {
    await run(docker, ['rmi', '-f', tag], project.cwd, '');
    project.remove();
  }
}

/** With Naru's command line, in this process. */
export async function buildWithNaru(socketPath: string, one: ConformanceCase, bed: Bed): Promise<Outcome> {
  const project = writeProject(one);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  try {
    const argv = [
      '-H',
      `unix://${socketPath}`,
      'build',
      '--progress',
      'json',
      ...argsOf(one, bed, project.cwd),
    ];
    const input = one.stdin === undefined ? '' : readFileSync(join(project.cwd, one.stdin));
    const status = await runCli(argv, {
      stdin: Readable.from([input]),
      stdout: collector(stdout),
      stderr: collector(stderr),
      env: { ...process.env, ...envOf(one, bed) },
      cwd: project.cwd,
      signal: AbortSignal.timeout(120_000),
    });
    const events = eventsOf(Buffer.concat(stdout).toString());
    const last = events.at(-1);
    if (status !== 0) return naruRefusal(last, Buffer.concat(stderr).toString(), bed);
    const image = String(last?.['image']);
    return await builtOutcome(await saveFromNaru(socketPath, image), bed);
  } finally {
    project.remove();
  }
}

/** `docker save` over the engine's socket. */
export function saveFromNaru(socketPath: string, image: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path: `/images/${image}/get` }, (response) => {
      buffer(response).then(resolve, reject);
    });
    sent.once('error', reject);
    sent.end();
  });
}

/** The base image's own files, from `docker save busybox` or its like. */
export async function baseTree(archive: Buffer): Promise<ImageTree> {
  return (await readSavedImage(chunks(archive))).tree;
}

export interface RunResult {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs a program to its end. */
export function run(
  file: string,
  args: readonly string[],
  cwd: string,
  input: string | Buffer,
  env: Readonly<Record<string, string>> = {},
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, stdio: 'pipe' });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on('error', () => undefined); // it may end before it has read everything
    child.stdin.end(input);
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({
        status: code ?? -1,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString(),
      }),
    );
  });
}

function argsOf(one: ConformanceCase, bed: Bed, cwd: string): readonly string[] {
  return [...(one.args ?? []), one.context ?? '.'].map((text) => filled(text, bed).replaceAll('{cwd}', cwd));
}

function envOf(one: ConformanceCase, bed: Bed): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(one.env ?? {}).map(([name, text]) => [name, filled(text, bed)]));
}

function filled(text: string, { origin }: Bed): string {
  return text
    .replaceAll('{origin}', origin.address)
    .replaceAll('{git}', origin.gitAddress)
    .replaceAll('{agent}', origin.agent);
}

/** Addresses are others in every run. */
function withoutAddresses(text: string, { origin }: Bed): string {
  return text
    .replaceAll(origin.address, '{origin}')
    .replaceAll(origin.gitAddress, '{git}')
    .replaceAll(origin.agent, '{agent}');
}

async function builtOutcome(archive: Buffer, bed: Bed): Promise<Outcome> {
  const { tree, config } = await readSavedImage(chunks(archive));
  return { kind: 'built', config: without(config, bed), tree: treeChanges(bed.base, tree) };
}

function without(config: Readonly<Record<string, unknown>>, bed: Bed): Readonly<Record<string, unknown>> {
  const text = withoutAddresses(JSON.stringify(config), bed);
  return JSON.parse(text) as Readonly<Record<string, unknown>>; // the same fields
}

/** Docker cannot save an image without layers. */
async function emptyOutcome(docker: string, tag: string, bed: Bed): Promise<Outcome> {
  const { stdout } = await run(docker, ['image', 'inspect', '-f', '{{json .Config}}', tag], '.', '');
  const config = JSON.parse(stdout.toString()) as Readonly<Record<string, unknown>>; // docker's own format
  return { kind: 'built', config: without(comparableConfig(config), bed), tree: {} };
}

async function* chunks(bytes: Buffer): AsyncGenerator<Uint8Array, void, void> {
  yield bytes;
}

function dockerRefusal(stderr: string, bed: Bed): RefusedOutcome {
  const message =
    /^ERROR: (?!failed to (?:build|solve)$)([\s\S]*?)\s*$/m.exec(stderr.slice(lastError(stderr)))?.[1] ??
    stderr;
  const line =
    /dockerfile parse error on line (\d+):/.exec(message)?.[1] ?? /^>>>|^\s*(\d+) \| >>>/m.exec(stderr)?.[1];
  return { kind: 'refused', line: Number(line ?? 0), message: plainMessage(message, bed) };
}

function lastError(stderr: string): number {
  return Math.max(0, stderr.lastIndexOf('\nERROR: ') + 1);
}

function naruRefusal(
  last: Readonly<Record<string, unknown>> | undefined,
  stderr: string,
  bed: Bed,
): RefusedOutcome {
  if (last?.['type'] === 'error') {
    // What BuildKit writes behind its message is our hint.
    const meant = /^did you mean .*\?$/.exec(textOf(last['hint']).replace('--', ''))?.[0];
    const message = `${String(last['message'])}${meant === undefined ? '' : ` (${meant})`}`;
    return { kind: 'refused', line: Number(last['line']), message: plainMessage(message, bed) };
  }
  return { kind: 'refused', line: 0, message: plainMessage(stderr.replace(/^naru: /, ''), bed) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

const PREFIXES =
  /^(?:failed to (?:build|solve|compute cache key|load cache key|receive status|load LLB|run Build function)|failed to convert agent config (?:\{.*?\}|for ID: "\w+")|failed to calculate checksum of ref \S+?|dockerfile parse error on line \d+|rpc error: code = \w+ desc = \w*): /;

/** What failed, without the layers it went through. */
function plainMessage(text: string, bed: Bed): string {
  let message = withoutAddresses(text.trim(), bed);
  while (PREFIXES.test(message)) message = message.replace(PREFIXES, '');
  message = message.replaceAll('failed to load cache key: ', '');
  message = message.replace(/could not lock (\S+)\.lock: open \S+:/, 'could not read $1: open $1:');
  message = message.replace(/\/\S*\/naru-case-\w+\/ctx\//, '{cwd}/');
  // Go prints a struct.
  message = message.replace(/\{(\S+) <nil>\}/, '$1');
  // Which registry could not be asked, and why, depends on the machine.
  message = message.replace(/^(\S+): failed to resolve source metadata for .*/, 'no image $1');
  message = message.replace(
    /^failed to resolve source metadata for (?:docker\.io\/library\/)?(\S+?)(?::latest)?: .*/,
    'no image $1',
  );
  message = message.replace(/^pull access denied for (\S+), .*/, 'no image $1');
  message = message.replace(
    /^image (\S+) (?:is not on this engine|was found but its platform).*/,
    'no image $1',
  );
  message = message.replace(/\/\S*\/overlay2\/\w+\/merged\//, '/');
  return message.split('\n')[0] ?? '';
}

function eventsOf(stdout: string): readonly Readonly<Record<string, unknown>>[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>); // one event a line
}

function collector(chunks: Buffer[]): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });
}
