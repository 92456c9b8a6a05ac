/** The keys a user can log in with: those of the agent, then files; encrypted files ask for their passphrase only when their turn comes. */

import { readFile, stat } from 'node:fs/promises';

import ssh2 from 'ssh2';
import type { ParsedKey } from 'ssh2';

import type { AgentKey } from '../agents/agent.ts';
import { ChosenAgent } from './chosen-agent.ts';
import type { SshHostOptions } from './host-options.ts';
import type { SshPrompts } from './prompts.ts';

/** What became of the ways to log in, for whoever is refused. */
export interface LoginTrail {
  /** Files that were not used. */
  readonly passedOver: { readonly file: string; readonly why: 'locked' | 'exposed' }[];
  nPasswords: number;
}

/** A private key that can sign, or undefined when the file is absent, unreadable, open to others, or its passphrase was not given. */
async function loadKey(
  file: string,
  prompts: SshPrompts,
  trail?: LoginTrail,
): Promise<ParsedKey | undefined> {
  const text = await readFile(file).catch(() => undefined);
  if (!text) return undefined;
  const plain = ssh2.utils.parseKey(text);
  const isLocked = plain instanceof Error && /passphrase|encrypted/i.test(plain.message);
  const isPrivate = isLocked || (!(plain instanceof Error) && firstKey(plain)?.isPrivateKey() === true);
  if (isPrivate && (await isExposed(file))) {
    trail?.passedOver.push({ file, why: 'exposed' });
    return undefined;
  }
  if (!(plain instanceof Error)) return firstKey(plain);
  if (!isLocked) return undefined;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const passphrase = await prompts.passphrase(file, { isAgain: attempt > 0 });
    if (passphrase === undefined) break;
    const key = ssh2.utils.parseKey(text, passphrase);
    if (!(key instanceof Error)) return firstKey(key);
  }
  trail?.passedOver.push({ file, why: 'locked' });
  return undefined;
}

/** A key of ours that others may read is taken for lost, as by OpenSSH (sshkey_perm_ok). Windows keeps permissions elsewhere. */
async function isExposed(file: string): Promise<boolean> {
  if (process.platform === 'win32') return false;
  const { uid, mode } = await stat(file);
  return uid === process.getuid?.() && (mode & 0o077) !== 0;
}

/** As it goes over the wire; undefined when it is not known without a passphrase. */
async function publicKey(file: string): Promise<Buffer | undefined> {
  for (const name of [`${file}.pub`, file]) {
    const text = await readFile(name).catch(() => undefined);
    const key = text === undefined ? undefined : ssh2.utils.parseKey(text);
    if (key !== undefined && !(key instanceof Error)) return firstKey(key)?.getPublicSSH();
  }
  return undefined;
}

/** A private key for an agent of ours; undefined as for `loadKey`, or when the file holds a public one. */
export async function loadAgentKey(file: string, prompts: SshPrompts): Promise<AgentKey | undefined> {
  const key = await loadKey(file, prompts);
  if (key === undefined || !key.isPrivateKey()) return undefined;
  const { type, comment } = key;
  return { type, comment, blob: key.getPublicSSH(), privatePem: key.getPrivatePEM() };
}

/** Ways to log in, in the order OpenSSH tries them. `trail` is told what became of them. */
export async function* loginMethods(
  options: SshHostOptions,
  prompts: SshPrompts,
  trail: LoginTrail,
): AsyncGenerator<ssh2.AnyAuthMethod> {
  const { user: username } = options;
  if (options.agentSocket) {
    const named = await Promise.all(options.identityFiles.map(publicKey));
    const known = named.filter((key) => key !== undefined);
    const agent = new ChosenAgent(options.agentSocket, known, options.isIdentitiesOnly);
    yield { type: 'agent', username, agent };
  }
  for (const file of options.identityFiles) {
    const key = await loadKey(file, prompts, trail);
    if (key?.isPrivateKey() === true) yield { type: 'publickey', username, key };
  }
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const password = await prompts.password(username, options.alias, { isAgain: attempt > 0 });
    if (password === undefined) return;
    trail.nPasswords += 1;
    yield { type: 'password', username, password };
  }
}

/** The library answers a list for files with several keys; a private key file has one. */
function firstKey(parsed: ParsedKey | ParsedKey[]): ParsedKey | undefined {
  return Array.isArray(parsed) ? parsed[0] : parsed;
}
