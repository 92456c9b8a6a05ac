import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';

import { parseSshAddress } from '../../../client/driver/ssh/address.ts';
import {
  checkHostKey,
  fingerprint,
  knownHostsLine,
  knownKeyTypes,
} from '../../../client/driver/ssh/known-hosts.ts';

function keyBlob(type: string, filler: number): Buffer {
  const name = Buffer.from(type);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length);
  return Buffer.concat([length, name, Buffer.alloc(32, filler)]);
}

const KEY = keyBlob('ssh-ed25519', 1);
const OTHER = keyBlob('ssh-ed25519', 2);
const RSA = keyBlob('ssh-rsa', 3);
const encoded = (key: Buffer): string => key.toString('base64');

function hashed(name: string): string {
  const salt = Buffer.alloc(20, 7);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

const CASES: readonly { name: string; file: string; host?: string; port?: number; kind: string }[] = [
  { name: 'plain name', file: `h1 ssh-ed25519 ${encoded(KEY)}`, kind: 'known' },
  { name: 'no line', file: '# nothing\n\n', kind: 'unknown' },
  { name: 'other key of the same type', file: `h1 ssh-ed25519 ${encoded(OTHER)}`, kind: 'changed' },
  { name: 'known by another type only', file: `h1 ssh-rsa ${encoded(RSA)}`, kind: 'changed' },
  {
    name: 'one of two keys',
    file: `h1 ssh-rsa ${encoded(RSA)}\nh1 ssh-ed25519 ${encoded(KEY)}`,
    kind: 'known',
  },
  {
    name: 'a port is part of the name',
    file: `[h1]:2222 ssh-ed25519 ${encoded(KEY)}`,
    port: 2222,
    kind: 'known',
  },
  { name: 'another port is another host', file: `[h1]:2222 ssh-ed25519 ${encoded(KEY)}`, kind: 'unknown' },
  { name: 'hashed', file: `${hashed('h1')} ssh-ed25519 ${encoded(KEY)}`, kind: 'known' },
  { name: 'hashed, other host', file: `${hashed('h2')} ssh-ed25519 ${encoded(KEY)}`, kind: 'unknown' },
  {
    name: 'hashed with port',
    file: `${hashed('[h1]:2222')} ssh-ed25519 ${encoded(KEY)}`,
    port: 2222,
    kind: 'known',
  },
  {
    name: 'list with address',
    file: `h1,10.0.0.1 ssh-ed25519 ${encoded(KEY)}`,
    host: '10.0.0.1',
    kind: 'known',
  },
  { name: 'wildcard', file: `*.example ssh-ed25519 ${encoded(KEY)}`, host: 'a.example', kind: 'known' },
  {
    name: 'negated',
    file: `*.example,!a.example ssh-ed25519 ${encoded(KEY)}`,
    host: 'a.example',
    kind: 'unknown',
  },
  {
    name: 'revoked',
    file: `h1 ssh-ed25519 ${encoded(KEY)}\n@revoked * ssh-ed25519 ${encoded(KEY)}`,
    kind: 'revoked',
  },
  {
    name: 'certificate authority is not a host key',
    file: `@cert-authority * ssh-ed25519 ${encoded(KEY)}`,
    kind: 'unknown',
  },
  { name: 'case of the name', file: `H1 ssh-ed25519 ${encoded(KEY)}`, host: 'h1', kind: 'known' },
];

describe('known_hosts', () => {
  for (const { name, file, host = 'h1', port = 22, kind } of CASES) {
    it(name, () => assert.equal(checkHostKey(file, host, port, KEY).kind, kind));
  }

  it('the line written for a new host makes it known', () => {
    for (const port of [22, 2222])
      assert.deepEqual(checkHostKey(knownHostsLine('h1', port, KEY), 'h1', port, KEY), { kind: 'known' });
  });

  it('names the line that disagrees, and the types known', () => {
    const file = `x ssh-rsa AAAA\nh1 ssh-ed25519 ${encoded(OTHER)}\n`;
    assert.deepEqual(checkHostKey(file, 'h1', 22, KEY), { kind: 'changed', line: 2 });
    assert.deepEqual(knownKeyTypes(file, 'h1', 22), ['ssh-ed25519']);
  });

  it('prints fingerprints as ssh-keygen does', () => {
    assert.match(fingerprint(KEY), /^SHA256:[A-Za-z0-9+/]{43}$/);
  });
});

describe('ssh addresses', () => {
  const good = {
    h1: { host: 'h1' },
    'a@h1': { host: 'h1', user: 'a' },
    'ssh://a@h1:2222': { host: 'h1', user: 'a', port: 2222 },
    '[::1]:22': { host: '::1', port: 22 },
  };
  for (const [text, address] of Object.entries(good))
    it(text, () => assert.deepEqual(parseSshAddress(text), address));
  const bad: Readonly<Record<string, string>> = {
    '': ': it names none',
    'ssh://': ': it names none',
    '-oProxyCommand=x': '',
    'a@-h': '',
    'h1:0': ': ports are 1 to 65535',
    'h1:99999': ': ports are 1 to 65535',
    'ssh://a@h1:123456': ': ports are 1 to 65535',
    'h 1': '',
    'a@b@c': '',
    'h1/path/x': ': it has a path',
    'ssh://a@h1:22/run/x.sock': ': it has a path',
  };
  for (const [text, reason] of Object.entries(bad)) {
    const message = `${JSON.stringify(text)} is not an SSH host${reason}`;
    it(`refuses ${JSON.stringify(text)}`, () =>
      assert.throws(() => parseSshAddress(text), { code: 'E_SSH_ADDRESS', message }));
  }
});
