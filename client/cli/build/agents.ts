/** `--ssh default`, `--ssh id=SOCKET`, `--ssh id=KEY[,KEY]`: the agents a build may use, as in buildx. */

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import { NaruError } from '../../../core/errors.ts';
import { type AgentKey, type AgentSource, keyAgent, socketAgent } from '../../driver/agents/agent.ts';
import type { CliIo } from '../io.ts';
import { terminalPrompts } from '../prompts.ts';
import { readAgentFlag } from './agent-flag.ts';

/** By id, in the order given. Keys are read here and stay here. @throws NaruError "invalid-argument" for what is neither a socket nor a key */
export async function readAgents(
  flags: readonly string[],
  io: CliIo,
): Promise<ReadonlyMap<string, AgentSource>> {
  const agents = new Map<string, AgentSource>();
  for (const [id, place] of await findAgents(flags, io)) {
    const agent = place.kind === 'socket' ? socketAgent(place.path) : await agentOf(id, place.files, io);
    agents.set(id, agent);
  }
  return agents;
}

type AgentPlace =
  | { readonly kind: 'socket'; readonly path: string }
  /** As written. */
  | { readonly kind: 'keys'; readonly files: readonly string[] };

/** Where they are; no key is read, and nobody is asked for its passphrase. @throws NaruError "invalid-argument" for what is not there */
export async function findAgents(
  flags: readonly string[],
  io: CliIo,
): Promise<ReadonlyMap<string, AgentPlace>> {
  const places = new Map<string, AgentPlace>();
  for (const text of flags) {
    const { id, paths } = readAgentFlag(text);
    places.set(id, await placeOf(id, paths, io));
  }
  return places;
}

async function placeOf(id: string, paths: readonly string[], io: CliIo): Promise<AgentPlace> {
  const [first = ownAgent(io), ...more] = paths;
  const files: string[] = [];
  for (const file of [first, ...more]) {
    const path = resolve(io.cwd, file);
    const found = isPipe(file) ? undefined : await stat(path).catch(() => 'absent' as const);
    if (found === 'absent') throw wrongFor(id, `stat ${file}: no such file or directory`);
    if (found === undefined || found.isSocket()) {
      if (more.length === 0) return { kind: 'socket', path: isPipe(file) ? file : path };
      throw wrongFor(
        id,
        files.length === 0 ? 'only single socket allowed' : 'invalid combination of keys and sockets',
      );
    }
    files.push(file);
  }
  return { kind: 'keys', files };
}

async function agentOf(id: string, files: readonly string[], io: CliIo): Promise<AgentSource> {
  const keys: AgentKey[] = [];
  for (const file of files) {
    // What reads keys is a third of a client's code: it is loaded when it is needed.
    const { loadAgentKey } = await import('../../driver/ssh/keys.ts');
    const key = await loadAgentKey(
      resolve(io.cwd, file),
      terminalPrompts(io, () => undefined),
    );
    if (key === undefined) throw wrongFor(id, `failed to parse ${file}: ssh: no key found`);
    keys.push(key);
  }
  return keyAgent(keys);
}

function wrongFor(id: string, why: string): NaruError {
  return wrong(`failed to convert agent config for ID: ${JSON.stringify(id)}: ${why}`);
}

function isPipe(path: string): boolean {
  return path.startsWith('\\\\.\\pipe\\');
}

function ownAgent({ env }: CliIo): string {
  const socket = env['SSH_AUTH_SOCK'] ?? '';
  if (socket !== '') return socket;
  if (process.platform === 'win32') return '\\\\.\\pipe\\openssh-ssh-agent';
  throw wrong('invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set');
}

function wrong(message: string): NaruError {
  return new NaruError('invalid-argument', 'E_SSH', message, {
    hint: 'write --ssh default, --ssh id=SOCKET or --ssh id=PRIVATE_KEY',
  });
}
