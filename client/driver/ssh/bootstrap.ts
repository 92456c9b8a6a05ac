/** From an address to an engine that answers: connect, probe, send what is missing, start. */

import type { Duplex } from 'node:stream';

import { NaruError } from '../../../core/errors.ts';
import { type SshAddress } from './address.ts';
import type { SshConnection } from './connection.ts';
import { awaitBuilds } from './install/await-builds.ts';
import { chooseEngine, ownEngine } from './install/choose.ts';
import { findParts, partFolders } from './install/parts.ts';
import { startHostEngine } from './install/start.ts';
import { type UploadProgress, uploadMissing } from './install/upload.ts';
import { type HostFacts, probeHost } from './probe.ts';
import type { SshPrompts } from './prompts.ts';
import { hostStreams } from './relay.ts';
import { connectHost } from './route.ts';

export interface BootstrapOptions {
  readonly address: SshAddress;
  /** Folder of the running bundle, where the engine's parts lie. */
  readonly dist: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly prompts: SshPrompts;
  /** Folder on the host instead of `~/.local/share/naru`. */
  readonly hostDirectory?: string;
  readonly onStage?: (stage: BootstrapStage) => void;
  readonly signal?: AbortSignal;
}

export type BootstrapStage =
  | { readonly kind: 'connecting' | 'probing' | 'starting' }
  /** For builds of others, before their engine is replaced. */
  | { readonly kind: 'waiting'; readonly nBuilds: number }
  | { readonly kind: 'sending'; readonly progress: UploadProgress };

export interface SshEngine {
  readonly connection: SshConnection;
  readonly facts: HostFacts;
  /** Names of the components that had to be sent. */
  readonly sent: readonly string[];
  readonly wasRunning: boolean;
  /** One stream to the engine's API socket. */
  readonly openApi: () => Promise<Duplex>;
  /** One to a TCP port as seen from the host. */
  readonly openPort: SshConnection['openPort'];
}

/** @throws NaruError with one clear sentence for whatever keeps the host from being used; the connection is closed then */
export async function bootstrapSshEngine(options: BootstrapOptions): Promise<SshEngine> {
  options.onStage?.({ kind: 'connecting' });
  const connection = await connectHost(options.address, options);
  const onAbort = (): void => connection.close();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await bringEngine(connection, options);
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
  }
}

/** Looks again when another client was quicker. */
async function bringEngine(connection: SshConnection, options: BootstrapOptions): Promise<SshEngine> {
  const onStage = options.onStage ?? (() => undefined);
  const sent = new Set<string>();
  let nLooks = 0;
  for (;;) {
    onStage({ kind: 'probing' });
    const facts = await probeHost(connection, options.hostDirectory);
    const parts = await findParts(partFolders(options.dist, facts.arch, options.env), facts.arch);
    const own = ownEngine(options.dist, parts.engine.digest);
    const streams = hostStreams(connection, facts.home);
    const made = (socket: string, wasRunning: boolean): SshEngine => ({
      connection,
      facts,
      sent: [...sent],
      wasRunning,
      openApi: () => streams.openSocket(socket),
      openPort: streams.openPort,
    });
    const running = facts.engine;
    if (running !== undefined && chooseEngine(running, own, connection.options.label) === 'use')
      return made(running.socket, true);
    try {
      refuseToInstall(connection, facts);
      const uploaded = await uploadMissing(connection, facts, Object.values(parts), (progress) =>
        onStage({ kind: 'sending', progress }),
      );
      for (const { name } of uploaded) sent.add(name);
    } catch (error) {
      // An older engine serves, and may be what frees the space that a newer one needs.
      if (running?.protocol === own.protocol && isOfHost(error)) return made(running.socket, true);
      throw error;
    }
    if (running !== undefined) {
      await awaitBuilds(
        () => streams.openSocket(running.socket),
        (nBuilds) => onStage({ kind: 'waiting', nBuilds }),
      );
    }
    onStage({ kind: 'starting' });
    const engine = await startHostEngine(connection, facts, parts, own);
    if (engine.kind === 'started') return made(engine.socket, false);
    nLooks += 1;
    if (nLooks === MAX_LOOKS) throw unsteady(connection.options.label);
  }
}

/** Each time another client has started an engine, and it is gone again or older than ours. */
const MAX_LOOKS = 5;

function unsteady(host: string): NaruError {
  return new NaruError('unavailable', 'E_HOST_ENGINE', `other clients start and end the engine on ${host}`, {
    hint: 'try again when they are done',
  });
}

/** Before anything is sent. */
function refuseToInstall(connection: SshConnection, facts: HostFacts): void {
  const { label, user } = connection.options;
  if (facts.root === 'none') {
    throw new NaruError(
      'forbidden',
      'E_HOST_ROOT',
      `the engine needs root on ${label}, and ${user} may not use sudo without a password`,
      { hint: 'log in as root, or allow sudo for this user' },
    );
  }
  if (facts.obstacle !== undefined) throw facts.obstacle;
}

function isOfHost(error: unknown): boolean {
  return error instanceof NaruError && error.code.startsWith('E_HOST_');
}
