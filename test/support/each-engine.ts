/** The same tests on our engine and, where NARU_TEST_DOCKERD names one, on another that speaks the API. */

import { createReadStream } from 'node:fs';

import { busyboxArchive } from '../../scripts/base-images.ts';
import { ask, foreignEngine, startEngine, type EngineUnderTest } from './engine.ts';
import { requireRoot } from './skip.ts';

/** To be called in a `describe`. `tests` registers its own, and asks for the engine when they run; busybox is loaded, unless told otherwise. */
export function onEachEngine(
  tests: (engine: () => EngineUnderTest) => void,
  { isEmpty = false }: { readonly isEmpty?: boolean } = {},
): void {
  const foreign = foreignEngine();
  for (const name of ['naru', ...(foreign === undefined ? [] : [foreign.name])]) {
    describe(name, () => {
      let engine: EngineUnderTest;
      before(async function () {
        requireRoot(this);
        engine = name === 'naru' || foreign === undefined ? await startEngine() : foreign;
        if (isEmpty) return;
        await ask(engine.socketPath, 'POST', '/images/load', createReadStream(await busyboxArchive()));
      });
      after(() => engine?.stop());
      tests(() => engine);
    });
  }
}
