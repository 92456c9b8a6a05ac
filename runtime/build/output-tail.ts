/** The last lines each step wrote, for the message when it fails. */

import type { VertexId } from '../../core/build/ops.ts';

const MAX_LINES = 20;
const MAX_CHARACTERS = 8192;

export class OutputTail {
  readonly #texts = new Map<VertexId, string>();

  add(vertex: VertexId, text: string): void {
    this.#texts.set(vertex, ((this.#texts.get(vertex) ?? '') + text).slice(-MAX_CHARACTERS));
  }

  /** At most 20 lines; '' when it wrote nothing. */
  lastLines(vertex: VertexId): string {
    return (this.#texts.get(vertex) ?? '').trimEnd().split('\n').slice(-MAX_LINES).join('\n');
  }
}
