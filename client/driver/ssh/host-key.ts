/** The decision about a server's host key: known passes, unknown asks, changed and revoked refuse. */

import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { NaruError } from '../../../core/errors.ts';
import type { SshHostOptions } from './host-options.ts';
import { checkHostKey, fingerprint, hostKeyType, knownHostsLine } from './known-hosts.ts';
import type { SshPrompts } from './prompts.ts';

/** All known_hosts files of the host as one text; absent ones are empty. */
export async function readKnownHosts(options: SshHostOptions): Promise<string> {
  const texts = await Promise.all(
    options.knownHostsFiles.map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  return texts.join('\n');
}

/**
 * Returns when the key may be trusted.
 *
 * @throws NaruError "forbidden": E_HOST_KEY_CHANGED, E_HOST_KEY_REVOKED, E_HOST_KEY_UNKNOWN (nobody said yes)
 */
export async function verifyHostKey(
  options: SshHostOptions,
  key: Uint8Array,
  prompts: SshPrompts,
): Promise<void> {
  const { hostKeyName: host, port } = options;
  const verdict = checkHostKey(await readKnownHosts(options), host, port, key);
  const shown = fingerprint(key);
  const file = options.knownHostsFiles[0];
  if (verdict.kind === 'known') return;
  if (verdict.kind === 'changed') {
    throw new NaruError(
      'forbidden',
      'E_HOST_KEY_CHANGED',
      `the host key of ${options.label} has changed: it is now ${shown}`,
      {
        hint: `somebody may be listening in${options.wantsNoCheck ? ', which is why StrictHostKeyChecking no is not followed' : ''}; if the change is expected, remove the old key with: ssh-keygen -R ${port === 22 ? host : `'[${host}]:${port}'`}`,
      },
    );
  }
  if (verdict.kind === 'revoked') {
    throw new NaruError(
      'forbidden',
      'E_HOST_KEY_REVOKED',
      `the host key ${shown} of ${options.label} is marked as revoked`,
      {
        hint: `see the @revoked lines of ${file}`,
      },
    );
  }
  const isTrusted =
    options.unknownKeys === 'accept' ||
    (options.unknownKeys === 'ask' &&
      (await prompts.trustHostKey({ host, port, keyType: hostKeyType(key), fingerprint: shown })));
  if (!isTrusted) {
    throw new NaruError(
      'forbidden',
      'E_HOST_KEY_UNKNOWN',
      `the host key ${shown} of ${options.label} is not known`,
      {
        hint: hintForUnknown(options),
      },
    );
  }
  if (file === undefined) return;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await appendFile(file, knownHostsLine(host, port, key), { mode: 0o600 });
}

/** The host as the user names it: the name its key is kept under may be none that can be connected to. */
function hintForUnknown({ alias, label, port, user, wantsNoCheck }: SshHostOptions): string {
  if (wantsNoCheck) {
    return 'StrictHostKeyChecking no is not followed, since changed keys would pass, too: use accept-new';
  }
  // Typed as it is, the config completes it for ssh as it does for us.
  const command =
    label === alias ? `ssh ${alias}` : `ssh ${user}@${alias}${port === 22 ? '' : ` -p ${port}`}`;
  return `check it, then connect once with: ${command}`;
}
