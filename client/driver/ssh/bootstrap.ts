/** From an address to an engine that answers: connect, probe, send what is missing, start. */

import type { Duplex } from 'node:stream';

import { type SshAddress } from './address.ts';
import type { SshConnection } from './connection.ts';
import { findParts, partFolders } from './install/parts.ts';
import { startHostEngine } from './install/start.ts';
import { type UploadProgress, uploadMissing } from './install/upload.ts';
import { type HostFacts, probeHost } from './probe.ts';
import type { SshPrompts } from './prompts.ts';
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
  | { readonly kind: 'sending'; readonly progress: UploadProgress };

export interface SshEngine {
  readonly connection: SshConnection;
  readonly facts: HostFacts;
  /** Names of the components that had to be sent. */
  readonly sent: readonly string[];
  readonly wasRunning: boolean;
  /** One stream to the engine's API socket. */
  readonly openApi: () => Promise<Duplex>;
}

/** @throws NaruError with one clear sentence for whatever keeps the host from being used; the connection is closed then */
export async function bootstrapSshEngine(options: BootstrapOptions): Promise<SshEngine> {
  const onStage = options.onStage ?? (() => undefined);
  onStage({ kind: 'connecting' });
  const connection = await connectHost(options.address, options);
  const onAbort = (): void => connection.close();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    onStage({ kind: 'probing' });
    const facts = await probeHost(connection, options.hostDirectory);
    const parts = await findParts(partFolders(options.dist, facts.arch, options.env), facts.arch);
    const sent = await uploadMissing(connection, facts, Object.values(parts), (progress) =>
      onStage({ kind: 'sending', progress }),
    );
    onStage({ kind: 'starting' });
    const engine = await startHostEngine(connection, facts, parts);
    return {
      connection,
      facts,
      sent: sent.map(({ name }) => name),
      wasRunning: engine.wasRunning,
      openApi: () => connection.openSocket(engine.socket),
    };
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
  }
}
