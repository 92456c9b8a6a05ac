/**
 * Runs our shell scripts on a host: the login shell only ever parses `exec sh -s`, the script comes on stdin.
 * That works under bash, dash, fish, csh and busybox; whatever the login shell prints before (banners, rc noise) is outside the markers.
 */

import { randomBytes } from 'node:crypto';

import { NaruError } from '../../../core/errors.ts';
import type { SshConnection } from './connection.ts';

const PREAMBLE =
  'export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"\n';

/**
 * Answers the `key=value` lines that the script printed; a key that comes twice keeps its last value.
 *
 * @throws NaruError "unavailable" when the script did not reach its end
 */
export async function runHostScript(
  connection: SshConnection,
  script: string,
): Promise<ReadonlyMap<string, string>> {
  const marker = `naru-${randomBytes(8).toString('hex')}`;
  const text = `${PREAMBLE}echo ${marker}-begin\n${script}\necho ${marker}-end\n`;
  const { stdout, stderr, exitCode } = await connection.exec('exec sh -s', text);
  const begin = stdout.indexOf(`${marker}-begin\n`);
  const end = stdout.lastIndexOf(`${marker}-end`);
  if (begin < 0 || end < begin) {
    // A shell that was killed is rare; a link that breaks takes its shell with it.
    if (exitCode === undefined) {
      const { label } = connection.options;
      throw new NaruError('unavailable', 'E_CONNECTION', `the connection to ${label} broke`, {
        hint: 'try it again',
      });
    }
    const said = stderr.trim().split('\n').at(-1) ?? '';
    throw new NaruError(
      'unavailable',
      'E_HOST_SCRIPT',
      `${connection.options.label} did not run our script (exit ${exitCode})${said === '' ? '' : `: ${said}`}`,
      {
        hint: 'the account needs a POSIX shell at /bin/sh',
      },
    );
  }
  return readFacts(stdout.slice(begin, end));
}

/** Quotes a word for sh. */
export function shellQuote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function readFacts(text: string): ReadonlyMap<string, string> {
  const facts = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    if (at > 0) facts.set(line.slice(0, at), line.slice(at + 1));
  }
  return facts;
}
