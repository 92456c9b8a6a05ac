/** Keeps a forwarder in step with what the engine's running containers publish. */

import type { EngineConnection } from '../engine/connection.ts';
import { listContainers } from '../engine/containers.ts';
import { engineEvents } from '../engine/events.ts';
import type { ForwardedPort, PortForwarder } from './forwarder.ts';

/** Forwards every TCP port that is published now, and no other. UDP can't go through SSH. */
export async function forwardPublished(
  engine: EngineConnection,
  forwarder: PortForwarder,
): Promise<readonly ForwardedPort[]> {
  const running = await listContainers(engine, { isAll: false });
  const ports = running.flatMap(({ ports: published }) => published);
  const tcp = ports.filter(({ hostPort, protocol }) => hostPort > 0 && protocol === 'tcp');
  return forwarder.update([...new Set(tcp.map(({ hostPort }) => hostPort))]);
}

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** After every look, also when nothing changed. */
  readonly onUpdate: (ports: readonly ForwardedPort[]) => void;
}

/** Until the signal. @throws NaruError "unavailable" when the engine goes away */
export async function followPublished(
  engine: EngineConnection,
  forwarder: PortForwarder,
  { signal, onUpdate }: FollowOptions,
): Promise<void> {
  const filters = { type: ['container'] };
  const update = async (): Promise<void> => onUpdate(await forwardPublished(engine, forwarder));
  try {
    await update();
    for await (const { action } of engineEvents(engine, { filters, signal })) {
      if (['start', 'die', 'destroy', 'unpause'].includes(action)) await update();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
