/**
 * Checks a server's host key against known_hosts text, as OpenSSH does (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT).
 * Plain and hashed names, wildcards, negation, `[host]:port`, @revoked. Lines that can't be read are skipped, @cert-authority lines too.
 */

import { createHash, createHmac } from 'node:crypto';

export type HostKeyVerdict =
  | { readonly kind: 'known' }
  /** No line for this host. */
  | { readonly kind: 'unknown' }
  /** The host is known by other keys only. `line` is 1-based, of the first one. */
  | { readonly kind: 'changed'; readonly line: number }
  | { readonly kind: 'revoked'; readonly line: number };

interface KnownHostLine {
  readonly line: number;
  readonly marker: string | undefined;
  readonly names: string;
  readonly type: string;
  readonly key: string;
}

/** `key` is the public key blob as the server sent it. */
export function checkHostKey(
  knownHosts: string,
  host: string,
  port: number,
  key: Uint8Array,
): HostKeyVerdict {
  const encoded = Buffer.from(key).toString('base64');
  const type = hostKeyType(key);
  let other: KnownHostLine | undefined;
  let isKnown = false;
  for (const entry of readLines(knownHosts)) {
    if (!matchesHost(entry.names, host, port)) continue;
    const isSame = entry.key === encoded;
    if (entry.marker === '@revoked') {
      if (isSame) return { kind: 'revoked', line: entry.line };
    } else if (entry.marker === undefined) {
      if (isSame) isKnown = true;
      else if (entry.type === type || other === undefined) other ??= entry;
    }
  }
  if (isKnown) return { kind: 'known' };
  return other ? { kind: 'changed', line: other.line } : { kind: 'unknown' };
}

/** Key types already known for a host, in file order: offered first, so that a server with several keys shows the one we know. */
export function knownKeyTypes(knownHosts: string, host: string, port: number): readonly string[] {
  const types = readLines(knownHosts)
    .filter((entry) => entry.marker === undefined && matchesHost(entry.names, host, port))
    .map((entry) => entry.type);
  return [...new Set(types)];
}

/** The line to append for a host that the user trusts, newline included. */
export function knownHostsLine(host: string, port: number, key: Uint8Array): string {
  return `${hostName(host, port)} ${hostKeyType(key)} ${Buffer.from(key).toString('base64')}\n`;
}

/** `SHA256:…` as ssh and ssh-keygen print it. */
export function fingerprint(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The name at the start of a key blob: a big-endian length and that many bytes (RFC 4253 §6.6). */
export function hostKeyType(key: Uint8Array): string {
  const buffer = Buffer.from(key);
  const length = buffer.length >= 4 ? buffer.readUInt32BE(0) : 0;
  return buffer.subarray(4, 4 + length).toString('latin1');
}

function readLines(text: string): KnownHostLine[] {
  const entries: KnownHostLine[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const fields = raw.trim().split(/\s+/);
    const marker = fields[0]?.startsWith('@') ? fields.shift() : undefined;
    const [names = '', type = '', key = ''] = fields;
    if (names === '' || names.startsWith('#') || key === '') continue;
    entries.push({ line: index + 1, marker, names, type, key });
  }
  return entries;
}

function matchesHost(names: string, host: string, port: number): boolean {
  const name = hostName(host, port);
  if (names.startsWith('|1|')) return matchesHash(names, name);
  let matches = false;
  for (const pattern of names.split(',')) {
    const isNegated = pattern.startsWith('!');
    if (!wildcard(isNegated ? pattern.slice(1) : pattern).test(name)) continue;
    if (isNegated) return false;
    matches = true;
  }
  return matches;
}

/** `|1|salt|hash`: HMAC-SHA1 of the name under the salt. */
function matchesHash(field: string, name: string): boolean {
  const [, , salt = '', hash = ''] = field.split('|');
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}

function hostName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

/** `*` any text, `?` one character; nothing else is special, so `[host]:port` is itself. */
function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, 'i');
}
