/** The name servers of the host, for containers and for the engine's own resolver. */

import { readFileSync, statSync } from 'node:fs';

const RESOLV_CONF = '/etc/resolv.conf';
/** Where systemd-resolved lists the servers behind its stub on 127.0.0.53. */
const RESOLVED_CONF = '/run/systemd/resolve/resolv.conf';

export class HostResolvers {
  private cached: { readonly mtimeMs: number; readonly servers: readonly string[] } | undefined;

  /** As the host itself asks them, loopback ones included; read again when the file changes. */
  forEngine(): readonly string[] {
    const mtimeMs = statSync(RESOLV_CONF, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (this.cached?.mtimeMs !== mtimeMs) {
      this.cached = { mtimeMs, servers: parseNameservers(readText(RESOLV_CONF)) };
    }
    return this.cached.servers;
  }

  /** Those a container can reach by itself; empty when the host has loopback ones only. */
  forContainers(): readonly string[] {
    const own = this.forEngine().filter((server) => !isLoopback(server));
    if (own.length > 0) return own;
    return parseNameservers(readText(RESOLVED_CONF)).filter((server) => !isLoopback(server));
  }
}

/** Addresses of the `nameserver` lines, in order. */
export function parseNameservers(text: string): readonly string[] {
  return [...text.matchAll(/^\s*nameserver\s+(\S+)/gm)].map((match) => match[1] ?? '');
}

function isLoopback(server: string): boolean {
  return server.startsWith('127.') || server === '::1';
}

/** '' when it is not there. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
