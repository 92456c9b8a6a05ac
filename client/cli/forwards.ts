/** Published ports of a distant engine, on this loopback while a command runs. */

import type { EngineConnection } from '../driver/engine/connection.ts';
import { type ForwardedPort, makePortForwarder } from '../driver/ports/forwarder.ts';
import { followPublished, type PublishedPorts } from '../driver/ports/published.ts';
import type { Target } from '../driver/targets/target.ts';
import type { CliIo } from './io.ts';

/** Says on stderr where each port of this container is. On this machine's own engine there is nothing to do. */
export async function withForwards<T>(
  engine: EngineConnection,
  target: Target,
  container: string,
  io: CliIo,
  act: () => Promise<T>,
): Promise<T> {
  if (target.openPort === undefined) return act();
  const forwarder = makePortForwarder(target.openPort);
  const stop = new AbortController();
  const tell = portTeller(target, io);
  const following = followPublished(engine, forwarder, {
    container,
    signal: stop.signal,
    // That they are gone goes without saying: the container has ended.
    onUpdate: (published) => published.ports.length + published.udpPorts.length > 0 && tell(published),
  });
  following.catch(() => undefined); // without ports the command still does its work
  try {
    return await act();
  } finally {
    stop.abort();
    await forwarder.close();
  }
}

/** Says on stderr what has changed: ports that came, ports that went, and those that can't be brought here. */
export function portTeller({ label }: Target, { stderr }: CliIo): (published: PublishedPorts) => void {
  let told = new Map<string, string>();
  return ({ ports, udpPorts }) => {
    const now = new Map<string, string>([
      ...ports.map((port) => [String(port.hostPort), placeOf(port)] as const),
      ...udpPorts.map((port) => [`${port}/udp`, 'stays there: SSH carries TCP alone'] as const),
    ]);
    for (const [port, place] of now) {
      if (told.get(port) !== place) stderr.write(`port ${port} of ${label} ${place}\n`);
    }
    for (const port of told.keys()) {
      if (!now.has(port)) stderr.write(`port ${port} of ${label} is not published any more\n`);
    }
    told = now;
  };
}

function placeOf({ hostPort, localPort, obstacle }: ForwardedPort): string {
  const place = `is on 127.0.0.1:${localPort}`;
  if (obstacle === 'taken') return `${place}: ${hostPort} is taken here`;
  return obstacle === 'forbidden' ? `${place}: this user may not open ${hostPort}` : place;
}
