/** The naru command line in this process: the same code as the bundle, without the half second a process needs to read it. */

import { PassThrough, Readable } from 'node:stream';

import { runCli } from '../../client/cli/run.ts';
import type { CommandResult } from './docker-cli.ts';

/** Runs `naru --host HOST …args` with an empty stdin; never throws for an exit code. */
export async function runNaru(host: string, args: readonly string[]): Promise<CommandResult> {
  const [stdout, stderr] = [collecting(), collecting()];
  const status = await runCli(['--host', host, ...args], {
    stdin: Readable.from([]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: process.env,
    cwd: process.cwd(),
    signal: new AbortController().signal,
  });
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}

function collecting(): { readonly stream: PassThrough; readonly text: () => string } {
  const stream = new PassThrough();
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return { stream, text: () => text };
}
