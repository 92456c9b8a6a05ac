/** Waits for the builds of others before an engine is replaced: they would end with it. */

import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

import { integer, object } from '../../../../core/engine-api/decode.ts';
import { type BuildsAnswer, BUILDS_PATH } from '../../../../core/protocol/build.ts';
import { EngineConnection } from '../../engine/connection.ts';

/** Then the builds are told that their engine was replaced. */
const MAX_WAIT_MS = 5 * 60 * 1000;
const PAUSE_MS = 500;

/** Not for an engine that does not tell what it is busy with, or does not answer. `onWait` is called again when their number changes. */
export async function awaitBuilds(
  connect: () => Promise<Duplex>,
  onWait: (nBuilds: number) => void,
): Promise<void> {
  const deadline = performance.now() + MAX_WAIT_MS;
  const engine = await openEngine(connect);
  if (engine === undefined) return;
  try {
    let told = 0;
    for (;;) {
      const nBuilds = await nRunning(engine);
      if (nBuilds === 0 || performance.now() > deadline) return;
      if (nBuilds !== told) onWait(nBuilds);
      told = nBuilds;
      await delay(PAUSE_MS);
    }
  } finally {
    engine.dispose();
  }
}

async function openEngine(connect: () => Promise<Duplex>): Promise<EngineConnection | undefined> {
  return EngineConnection.open(connect, { isDistant: true }).catch(() => undefined);
}

function nRunning(engine: EngineConnection): Promise<number> {
  const decode = object<BuildsAnswer>({ nRunning: integer });
  return engine.json({ method: 'GET', path: BUILDS_PATH }, decode).then(
    (answer) => answer.nRunning,
    () => 0,
  );
}
