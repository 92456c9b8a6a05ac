/** Signals that we get, passed on to a container in the foreground: Ctrl-C stops it as if it ran here. */

import type { EngineConnection } from '../driver/engine/connection.ts';
import { killContainer } from '../driver/engine/containers.ts';
import type { CliIo } from './io.ts';

/** Until the answer is called. */
export function passSignals(engine: EngineConnection, id: string, io: CliIo): () => void {
  const stop = io.takeSignals?.((name) => {
    void killContainer(engine, id, name.replace(/^SIG/, '')).catch(() => undefined); // it may have ended by itself
  });
  return stop ?? (() => undefined);
}
