/** Build events as an answer: one JSON object per line. */

import { BUILD_EVENTS_TYPE, type BuildEvent } from '../../../core/protocol/build.ts';
import type { Answer } from '../endpoint.ts';
import { writableAgain } from '../writable-again.ts';

export function eventStream(events: AsyncIterable<BuildEvent>): Answer {
  return {
    kind: 'stream',
    contentType: BUILD_EVENTS_TYPE,
    write: async (out) => {
      for await (const event of events) {
        if (out.destroyed) return;
        if (!out.write(`${JSON.stringify(event)}\n`)) await writableAgain(out);
      }
    },
  };
}
