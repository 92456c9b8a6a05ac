/**
 * The way to a host: straight, over jump hosts, or through a command, as the user's ssh config says (ssh_config(5), ProxyJump and ProxyCommand).
 * Every jump host is a connection of its own, with its own part of the config, its own keys and its own host key check.
 */

import { NaruError } from '../../../core/errors.ts';
import { formatSshAddress, parseSshAddress, type SshAddress } from './address.ts';
import { connectSsh, type SshConnection } from './connection.ts';
import { resolveHostOptions, type SshHostOptions } from './host-options.ts';
import { openProxyCommand } from './proxy-command.ts';
import type { SshPrompts } from './prompts.ts';

export interface RouteOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly prompts: SshPrompts;
  readonly signal?: AbortSignal;
}

/** @throws NaruError as `resolveHostOptions` and `connectSsh`, for any host on the way; "invalid-argument" when jumps lead in a circle */
export function connectHost(address: SshAddress, options: RouteOptions): Promise<SshConnection> {
  return connectOver(address, undefined, [], options);
}

/** `jumps` replaces what the config says; `behind` are the hosts that are reached through this one, for circles. */
async function connectOver(
  address: SshAddress,
  jumps: readonly string[] | undefined,
  behind: readonly string[],
  options: RouteOptions,
): Promise<SshConnection> {
  const name = formatSshAddress(address);
  if (behind.includes(name)) {
    throw new NaruError(
      'invalid-argument',
      'E_SSH_JUMP',
      `the jump hosts of ${behind[0]} lead in a circle at ${name}`,
      { hint: 'give the jump host itself ProxyJump none in your ssh config' },
    );
  }
  const host = await resolveHostOptions(address, options.env);
  const hops = jumps ?? host.proxyJumps;
  const last = hops.at(-1);
  if (last !== undefined) {
    // `a,b`: b is reached through a whatever its own config says, a as its config says.
    const before = hops.length > 1 ? hops.slice(0, -1) : undefined;
    const jump = await connectOver(parseSshAddress(last), before, [...behind, name], options);
    return throughJump(jump, host, options);
  }
  const stream =
    jumps === undefined && host.proxyCommand !== undefined
      ? openProxyCommand(host.proxyCommand, host, options.env)
      : undefined;
  return connectSsh(host, options.prompts, { signal: options.signal, stream });
}

/** The jump host is let go together with the connection that it carries. */
async function throughJump(
  jump: SshConnection,
  host: SshHostOptions,
  { prompts, signal }: RouteOptions,
): Promise<SshConnection> {
  try {
    const stream = await jump.openPort(host.hostName, host.port).catch((cause: unknown) => {
      throw notThrough(jump, host, cause);
    });
    const connection = await connectSsh(host, prompts, { signal, stream });
    void connection.closed.then(() => jump.close());
    return connection;
  } catch (error) {
    jump.close();
    throw error;
  }
}

function notThrough(jump: SshConnection, host: SshHostOptions, cause: unknown): NaruError {
  const why = cause instanceof NaruError && cause.cause instanceof Error ? cause.cause.message : '';
  const place = formatSshAddress({ host: host.hostName, port: host.port });
  const reason = why.replace(/^\(SSH\) Channel open failure: /, '') || 'the connection broke';
  return new NaruError(
    'unavailable',
    'E_SSH_CONNECT',
    `cannot reach ${host.label} (${place}) through ${jump.options.label}: ${reason}`,
    { hint: `check the name and the port as ${jump.options.label} sees them`, cause },
  );
}
