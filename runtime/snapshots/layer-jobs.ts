/**
 * What the main thread and layer-worker.ts say to each other. One job at a time per worker.
 * Data flows with credit: a sender has at most `WINDOW_BYTES` on the way, so that neither side fills memory.
 */

import type { Clamping } from './clamp-times.ts';
import { type ErrorKind, NaruError } from '../../core/errors.ts';
import type { Digest } from '../../core/oci/digest.ts';
import type { XattrNamespace } from './overlay-files.ts';
import type { LayerInfo } from './snapshotter.ts';

/** Where a layer lies. */
export interface LayerPlace {
  readonly root: string;
  /** Upper directories below it, topmost first. */
  readonly lowers: readonly string[];
  readonly namespace: XattrNamespace;
  /** What is known of its inodes, when there is something: the file's path. */
  readonly inodes?: string;
  /** Where its recipe and spilled contents are (apply: are to be made); absent: the canonical tar is the layer's. */
  readonly recipe?: { readonly file: string; readonly spillDirectory: string };
  /** export: fails at the end when the bytes have another digest. */
  readonly expected?: Digest;
}

/**
 * apply reads a tar from the main thread; export sends one to it; hash makes one and tells its digest; size adds up the files; clamp dates them back.
 * sync brings the file system of a directory to disk.
 */
export type LayerJob =
  | { readonly kind: 'apply' | 'export' | 'hash' | 'size'; readonly place: LayerPlace }
  | { readonly kind: 'clamp'; readonly place: LayerPlace; readonly clamping: Clamping }
  | { readonly kind: 'sync'; readonly directory: string }
  | { readonly kind: 'remove'; readonly paths: readonly string[] };

/** To the worker. `credit` is the number of bytes that were used. */
export type ToWorker =
  | { readonly type: 'job'; readonly job: LayerJob }
  | { readonly type: 'data'; readonly bytes: Uint8Array }
  | { readonly type: 'end' }
  | { readonly type: 'credit'; readonly nBytes: number }
  | { readonly type: 'abort' };

/** From the worker. */
export type FromWorker =
  | { readonly type: 'data'; readonly bytes: Uint8Array }
  | { readonly type: 'credit'; readonly nBytes: number }
  | { readonly type: 'done'; readonly result: LayerResult }
  | { readonly type: 'failed'; readonly error: SentError };

/** `diffId` is absent for size, clamp, sync and an aborted job. */
export interface LayerResult {
  readonly diffId?: Digest;
  readonly sizeBytes: number;
  /** Of the tar; 0 for size, clamp, sync and an aborted job. */
  readonly tarBytes: number;
}

/** Of a layer that was applied or hashed. @throws NaruError "internal" for other jobs */
export function layerOf({ diffId, sizeBytes, tarBytes }: LayerResult): LayerInfo {
  if (diffId === undefined) throw new NaruError('internal', 'E_LAYER_JOB', 'a layer was not hashed');
  return { diffId, sizeBytes, tarBytes };
}

export const WINDOW_BYTES = 2 * 1024 * 1024;
export const CHUNK_BYTES = 256 * 1024;

/** An error in the shape that survives the way between threads. */
export interface SentError {
  readonly message: string;
  readonly code: string;
  readonly kind?: ErrorKind;
  readonly hint?: string;
  readonly stack?: string;
}

export function toSentError(error: unknown): SentError {
  if (!(error instanceof Error)) return { message: String(error), code: '' };
  const base = { message: error.message, ...(error.stack === undefined ? {} : { stack: error.stack }) };
  if (error instanceof NaruError) {
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    return { ...base, ...hint, code: error.code, kind: error.kind };
  }
  return { ...base, code: 'code' in error ? String(error.code) : '' };
}

/** A NaruError is one again; anything else becomes an Error with its code. */
export function fromSentError(sent: SentError): Error {
  if (sent.kind !== undefined) {
    return new NaruError(
      sent.kind,
      sent.code,
      sent.message,
      sent.hint === undefined ? {} : { hint: sent.hint },
    );
  }
  const error = Object.assign(new Error(sent.message), { code: sent.code });
  if (sent.stack !== undefined) error.stack = sent.stack;
  return error;
}
