/** Published ports of a distant engine, on this loopback while a command runs. */

import type { EngineConnection } from '../driver/engine/connection.ts';
import { type ForwardedPort, makePortForwarder } from '../driver/ports/forwarder.ts';
import { followPublished } from '../driver/ports/published.ts';
import type { Target } from '../driver/targets/target.ts';
import type { CliIo } from './io.ts';

/** Says each mapping on stderr once. On this machine's own engine there is nothing to do. */
export async function withForwards<T>(
  engine: EngineConnection,
  target: Target,
  io: CliIo,
  act: () => Promise<T>,
): Promise<T> {
  if (target.openPort === undefined) return act();
  const forwarder = makePortForwarder(target.openPort);
  const stop = new AbortController();
  const following = followPublished(engine, forwarder, {
    signal: stop.signal,
    onUpdate: mappingPrinter(target, io),
  });
  following.catch(() => undefined); // without ports the command still does its work
  try {
    return await act();
  } finally {
    stop.abort();
    await forwarder.close();
  }
}

/** Prints what was not printed before. */
export function mappingPrinter(target: Target, io: CliIo): (ports: readonly ForwardedPort[]) => void {
  const said = new Set<string>();
  return (ports) => {
    for (const { hostPort, localPort } of ports) {
      const line = `port ${hostPort} of ${target.label} is on 127.0.0.1:${localPort}\n`;
      if (!said.has(line)) io.stderr.write(line);
      said.add(line);
    }
  };
}
