/**
 * What Naru adds to the Language Server Protocol. Documents are named by their URI; positions inside reports are UTF-16 offsets.
 * The server opens no sockets: what it needs of an engine it asks of the client.
 */

import type { PreviewReport } from '../preview/report.ts';
import type { CacheResolveAnswer, CacheResolveRequest } from './cache-resolve.ts';
import { type Decoder, flag, record, shape, text } from './decode.ts';
import type { ImageResolveAnswer, ImageResolveRequest } from './image-resolve.ts';

/** Request, server to client. A client without an engine answers the error LSP_NO_ENGINE. */
export const LSP_CACHE_RESOLVE = 'naru/cache/resolve';
export type LspCacheResolveParams = CacheResolveRequest;
export type LspCacheResolveResult = CacheResolveAnswer;

/** Request, server to client. */
export const LSP_IMAGE_RESOLVE = 'naru/images/resolve';
export type LspImageResolveParams = ImageResolveRequest;
export type LspImageResolveResult = ImageResolveAnswer;

/** Error code of either request: no engine is selected, or it cannot be reached (LSP's range for servers). */
export const LSP_NO_ENGINE = -32_099;

/** Notification, server to client: the verdicts of one version of a document. A later one replaces it. */
export const LSP_PREVIEW = 'naru/preview';
export interface LspPreviewParams {
  readonly uri: string;
  /** Of the document when it was analysed. */
  readonly version: number;
  /** Absent when there is nothing to show: see `trouble`. */
  readonly report?: PreviewReport;
  readonly trouble?: PreviewTrouble;
}

/** Why there is no preview, in words for the status bar. */
export interface PreviewTrouble {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** Notification, client to server: how the next build of a document would be started. Absent fields keep their defaults. */
export const LSP_PREVIEW_OPTIONS = 'naru/preview/options';
export interface LspPreviewOptionsParams {
  readonly uri: string;
  /** Folder of the build context as a file URI; absent: the Dockerfile's folder. */
  readonly contextUri?: string;
  readonly target?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly noCache?: boolean;
}

/** Notification, client to server, no parameters: another engine was selected, or its cache changed. Previews are made again. */
export const LSP_PREVIEW_REFRESH = 'naru/preview/refresh';

export const decodePreviewOptions: Decoder<LspPreviewOptionsParams> = shape<LspPreviewOptionsParams>(
  { uri: text },
  { contextUri: text, target: text, buildArgs: record(text), noCache: flag },
);
