/**
 * Contexts that the engine fetches or is handed whole.
 *
 * `POST /naru/v1/context/archive` takes a tar archive, compressed or not; its digest then stands for it (`RemoteContext` of kind "http" without address).
 * `POST /naru/v1/context/open` says what an address stands for now, and reads the Dockerfile in it: for a preview, which builds nothing.
 */

import type { RemoteContext } from '../build/remote-context.ts';
import type { Digest } from '../oci/digest.ts';
import { type Decoder, digest, flag, oneOf, record, shape, tagged, text } from './decode.ts';

export const CONTEXT_ARCHIVE_PATH = '/naru/v1/context/archive';
export const CONTEXT_OPEN_PATH = '/naru/v1/context/open';

export interface ArchiveAnswer {
  readonly checksum: Digest;
}

export interface ContextOpenRequest {
  readonly context: RemoteContext;
  /** Path of the Dockerfile in it; absent: it is not wanted. */
  readonly dockerfile?: string;
  /** As in a BuildRequest. */
  readonly agents?: Readonly<Record<string, string>>;
}

export interface ContextOpenAnswer {
  /** With its commit or checksum. */
  readonly context: RemoteContext;
  /** Text of the Dockerfile, where it was wanted. */
  readonly dockerfile?: string;
}

export const decodeRemoteContext: Decoder<RemoteContext> = tagged<RemoteContext>('kind', {
  git: shape<Extract<RemoteContext, { kind: 'git' }>>(
    { kind: oneOf('git'), remote: text, ref: text, subdirectory: text, keepsGitDirectory: flag },
    { commit: text, checksum: text },
  ),
  http: shape<Extract<RemoteContext, { kind: 'http' }>>(
    { kind: oneOf('http'), url: text, isArchive: flag },
    { checksum: digest },
  ),
});

export const decodeArchiveAnswer: Decoder<ArchiveAnswer> = shape<ArchiveAnswer>({ checksum: digest }, {});

export const decodeContextOpenRequest: Decoder<ContextOpenRequest> = shape<ContextOpenRequest>(
  { context: decodeRemoteContext },
  { dockerfile: text, agents: record(text) },
);

export const decodeContextOpenAnswer: Decoder<ContextOpenAnswer> = shape<ContextOpenAnswer>(
  { context: decodeRemoteContext },
  { dockerfile: text },
);
