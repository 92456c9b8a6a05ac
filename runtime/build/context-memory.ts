/**
 * What ops took from synced contexts in earlier builds: an op with equal contexts takes the same, so a rebuild reads no file of them.
 * A context is named by the digest of its manifest and an op by all its fields, so nothing here can become stale; only the number is bounded.
 */

import { digestOfParts } from '../../core/build/encoding.ts';
import type { Op } from '../../core/build/ops.ts';
import { contextNames } from '../../core/build/needed-contexts.ts';
import type { ContextMemory, RecalledOp } from '../../core/build/requests.ts';
import type { Digest } from '../../core/oci/digest.ts';

/** A digest and a few faults each. */
const MAX_OPS = 4096;

/** One per engine. */
export class RememberedOps {
  readonly #maxOps: number;
  /** The one longest not asked for comes first. */
  readonly #found = new Map<Digest, RecalledOp>();

  constructor(maxOps = MAX_OPS) {
    this.#maxOps = maxOps;
  }

  /** `ids` are those of the build's contexts, by name. */
  memoryOf(ids: ReadonlyMap<string, string>): ContextMemory {
    return {
      recall: (op) => this.#recall(nameOf(op, ids)),
      remember: (op, found) => this.#remember(nameOf(op, ids), found),
    };
  }

  #recall(name: Digest | undefined): RecalledOp | undefined {
    const found = name === undefined ? undefined : this.#found.get(name);
    if (found !== undefined) this.#remember(name, found);
    return found;
  }

  #remember(name: Digest | undefined, found: RecalledOp): void {
    if (name === undefined) return;
    this.#found.delete(name);
    this.#found.set(name, found);
    const [oldest] = this.#found.keys();
    if (this.#found.size > this.#maxOps && oldest !== undefined) this.#found.delete(oldest);
  }
}

/** Undefined for an op that reads no context, or one that is not there. */
function nameOf(op: Op, ids: ReadonlyMap<string, string>): Digest | undefined {
  const names = contextNames(op);
  const known = names.flatMap((name) => ids.get(name) ?? []);
  if (names.length === 0 || known.length < names.length) return undefined;
  return digestOfParts('remembered', [JSON.stringify(op, withMaps), ...known]);
}

/** JSON has no maps: `env` would be lost. */
function withMaps(_key: string, value: unknown): unknown {
  return value instanceof Map ? [...(value as ReadonlyMap<unknown, unknown>)] : value;
}
