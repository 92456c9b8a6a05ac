/** What a preview asks of the selected engine: an LSP request in the server, the driver in the CLI, the store in the engine itself. */

import type { VertexLookup, VertexRequest } from '../build/cache-record.ts';
import type { ImageResolver } from '../build/types.ts';

export interface PreviewResolver {
  readonly resolveImage: ImageResolver;
  /**
   * One request for the whole plan; answers in the order of the requests (`lookupPlan` over the engine's cache).
   * @throws NaruError "unavailable" when the engine cannot be reached
   */
  lookup(requests: readonly VertexRequest[], signal?: AbortSignal): Promise<readonly VertexLookup[]>;
}
