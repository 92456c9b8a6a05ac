/**
 * `POST /naru/v1/context/look`: an engine on the client's own machine looks at a directory in the client's place, while the client is still starting.
 * The answer is the fingerprint of a scan (`TreeScan`) and says nothing about contents: the client alone knows which context it sent for it before.
 *
 * Invariant: an engine looks only where it sees the very same files. `view` names a kernel, a mount namespace and a root; the engine compares it with its own.
 * Whatever is in the way, the answer is empty, and the client looks for itself.
 */

import type { Digest } from '../oci/digest.ts';
import { type Decoder, digest, shape, text, whole } from './decode.ts';

export const CONTEXT_LOOK_PATH = '/naru/v1/context/look';

export interface ContextLookRequest {
  /** The client's (`fileView`). */
  readonly view: string;
  /** A real path; all of it is looked at, so that a context with ignore patterns is none for this. */
  readonly directory: string;
}

export interface ContextLookAnswer {
  readonly seen?: SeenDirectory;
}

export interface SeenDirectory {
  readonly fingerprint: Digest;
  readonly nEntries: number;
}

export const decodeContextLookRequest: Decoder<ContextLookRequest> = shape<ContextLookRequest>(
  { view: text, directory: text },
  {},
);

export const decodeContextLookAnswer: Decoder<ContextLookAnswer> = shape<ContextLookAnswer>(
  {},
  { seen: shape<SeenDirectory>({ fingerprint: digest, nEntries: whole }, {}) },
);
