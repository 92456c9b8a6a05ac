/** The window's size for a container that was running before we came. */

import type { EngineConnection } from '../driver/engine/connection.ts';
import { resizeContainer } from '../driver/engine/containers.ts';
import type { WindowSize } from './attached.ts';

/** The first time another size comes before: a program draws its screen anew only when its window changes, and so does a shell its prompt. */
export function redrawingResize(engine: EngineConnection, id: string): (size: WindowSize) => Promise<void> {
  let isFirst = true;
  return async (size) => {
    if (isFirst) await resizeContainer(engine, id, { columns: size.columns, rows: size.rows + 1 });
    isFirst = false;
    await resizeContainer(engine, id, size);
  };
}
