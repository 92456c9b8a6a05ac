/** Tables of docker commands and what they must print; one test per row, in order. */

import assert from 'node:assert/strict';

import type { CommandResult, DockerCli } from './docker-cli.ts';

export interface CliCase {
  /** What the row shows; the command when absent. */
  readonly name?: string;
  /** Arguments separated by single blanks, or as a list. */
  readonly docker?: string | readonly string[];
  /** A shell line instead. */
  readonly shell?: string;
  readonly input?: string;
  /** 0 when absent. */
  readonly status?: number;
  /** Exact stdout without the last newline, or what it must match. */
  readonly out?: string | RegExp;
  readonly err?: string | RegExp;
}

/** Declares the tests of a table. */
export function runCliTable(dockerOf: () => DockerCli, cases: readonly CliCase[]): void {
  for (const item of cases) {
    const shown =
      item.shell ?? `docker ${typeof item.docker === 'string' ? item.docker : (item.docker ?? []).join(' ')}`;
    it(item.name ?? shown, async () => check(item, await runCase(dockerOf(), item)));
  }
}

function runCase(docker: DockerCli, item: CliCase): Promise<CommandResult> {
  const options = item.input === undefined ? {} : { input: item.input };
  if (item.shell !== undefined) return docker.shell(item.shell, options);
  const args = typeof item.docker === 'string' ? item.docker.split(' ') : (item.docker ?? []);
  return docker.run(args, options);
}

function check(item: CliCase, result: CommandResult): void {
  const shown = `exit ${result.status}\nstdout: ${result.stdout}\nstderr: ${result.stderr}`;
  assert.equal(result.status, item.status ?? 0, shown);
  if (item.out !== undefined) checkText(result.stdout.replace(/\n$/, ''), item.out, shown);
  if (item.err !== undefined) checkText(result.stderr.replace(/\n$/, ''), item.err, shown);
}

function checkText(actual: string, wanted: string | RegExp, shown: string): void {
  if (typeof wanted === 'string') assert.equal(actual, wanted, shown);
  else assert.match(actual, wanted, shown);
}
