/** Keeps a forwarder in step with what the engine's running containers publish. */

import { NaruError } from '../../../core/errors.ts';
import type { EngineConnection } from '../engine/connection.ts';
import { listContainers } from '../engine/containers.ts';
import { engineEvents } from '../engine/events.ts';
import type { ForwardedPort, PortForwarder } from './forwarder.ts';

export interface PublishedPorts {
  readonly ports: readonly ForwardedPort[];
  /** UDP ports of the host, which can't go through SSH. */
  readonly udpPorts: readonly number[];
}

export interface PublishedOptions {
  /** Only what this container publishes; absent: all containers. */
  readonly container?: string;
  readonly signal?: AbortSignal;
}

/** Forwards every TCP port that is published now, and no other. */
export async function forwardPublished(
  engine: EngineConnection,
  forwarder: PortForwarder,
  { container, signal }: PublishedOptions = {},
): Promise<PublishedPorts> {
  const running = await listContainers(engine, {
    isAll: false,
    ...(container === undefined ? {} : { filters: { id: [container] } }),
    ...(signal === undefined ? {} : { signal }),
  });
  const published = running.flatMap(({ ports }) => ports).filter(({ hostPort }) => hostPort > 0);
  const numbersOf = (protocol: string): readonly number[] => {
    const numbers = published.filter((port) => port.protocol === protocol).map(({ hostPort }) => hostPort);
    return [...new Set(numbers)].sort((a, b) => a - b);
  };
  return { ports: await forwarder.update(numbersOf('tcp')), udpPorts: numbersOf('udp') };
}

export interface FollowOptions extends PublishedOptions {
  readonly signal: AbortSignal;
  /** After every look, also when nothing changed. */
  readonly onUpdate: (published: PublishedPorts) => void;
}

/** Until the signal. @throws NaruError "unavailable" when the engine goes away */
export async function followPublished(
  engine: EngineConnection,
  forwarder: PortForwarder,
  { onUpdate, ...options }: FollowOptions,
): Promise<void> {
  const { container, signal } = options;
  const filters = { type: ['container'], ...(container === undefined ? {} : { container: [container] }) };
  const look = async (): Promise<void> => {
    const published = await forwardPublished(engine, forwarder, options);
    if (!signal.aborted) onUpdate(published);
  };
  let first = Promise.resolve();
  // Looked for when the engine listens: a container that starts in between would be missed.
  const onListening = (): void => {
    first = look();
    first.catch(() => undefined); // told below
  };
  try {
    for await (const { action } of engineEvents(engine, { filters, signal, onListening })) {
      await first;
      if (['start', 'die', 'destroy', 'unpause'].includes(action)) await look();
    }
    await first;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (!signal.aborted) {
    throw new NaruError('unavailable', 'E_ENGINE_STREAM', 'the engine tells no more what happens');
  }
}
