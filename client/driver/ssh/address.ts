/** What a user types to name a host: `user@host:port`, `ssh://user@host:port`, or an alias of their ssh config. */

import { NaruError } from '../../../core/errors.ts';

export interface SshAddress {
  /** Host name, address or alias of the user's ssh config. */
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
}

/** @throws NaruError "invalid-argument"; a host that starts with a dash is refused, since it could reach `ssh` as an option */
export function parseSshAddress(text: string): SshAddress {
  const match = /^(?:ssh:\/\/)?(?:([^@/\s]+)@)?(\[[0-9a-fA-F:.%]+\]|[^@:/\s[\]]+)(?::(\d{1,5}))?\/?$/.exec(
    text,
  );
  const host = match?.[2]?.replace(/^\[|\]$/g, '') ?? '';
  const user = match?.[1];
  const port = match?.[3] === undefined ? undefined : Number(match[3]);
  const isPort = port === undefined || (port >= 1 && port <= 65_535);
  if (!match || host.startsWith('-') || user?.startsWith('-') || !isPort) {
    const message = `${JSON.stringify(text)} is not an SSH host${reasonOf(text, isPort)}`;
    throw new NaruError('invalid-argument', 'E_SSH_ADDRESS', message, {
      hint: 'write user@host, user@host:port, ssh://user@host:port, or a name from your ssh config',
    });
  }
  return { host, ...(user === undefined ? {} : { user }), ...(port === undefined ? {} : { port }) };
}

/** ': …', or '' where nothing in particular is wrong. */
function reasonOf(text: string, isPort: boolean): string {
  const rest = text.replace(/^ssh:\/\//, '');
  if (rest === '') return ': it names none';
  if (!isPort || /:\d{6,}\/?$/.test(rest)) return ': ports are 1 to 65535';
  return /\/./.test(rest) ? ': it has a path' : '';
}

/** `user@host:port` with only what was given; IPv6 hosts in brackets. */
export function formatSshAddress(address: SshAddress): string {
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return `${address.user ? `${address.user}@` : ''}${host}${address.port ? `:${address.port}` : ''}`;
}
