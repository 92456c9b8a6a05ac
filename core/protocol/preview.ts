/**
 * Messages between the language server and its editor about the cache preview, beyond LSP.
 * The server asks the editor for what only an engine knows; it opens no sockets itself. Everything here is plain JSON.
 */

import type { VertexLookup, VertexRequest } from '../build/cache-record.ts';
import type { ResolvedImage } from '../build/ops.ts';
import type { PreviewState } from '../preview/report.ts';

/** Request, server to editor: what the next build of this Dockerfile would be given. */
export const BUILD_OPTIONS_REQUEST = 'naru/build/options';

export interface BuildOptionsParams {
  readonly uri: string;
}

export interface BuildOptionsAnswer {
  /** Absolute path. */
  readonly contextDirectory: string;
  /** Name or index of a stage; absent: the last one. */
  readonly target?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Of the selected engine, as `os/architecture`. Absent: no engine answers, and nothing can be said. */
  readonly platform?: string;
  /** Why no engine answers, one sentence, in the editor's language. */
  readonly unavailable?: string;
}

/** Request, server to editor: the image a reference stands for. */
export const IMAGE_RESOLVE_REQUEST = 'naru/image/resolve';

export interface ImageResolveParams {
  readonly reference: string;
  /** `os/architecture[/variant]`. */
  readonly platform: string;
}

/** Null when the image cannot be known now. */
export type ImageResolveAnswer = ResolvedImage | null;

/** Request, server to editor: which of these steps the selected engine has in its cache. */
export const CACHE_RESOLVE_REQUEST = 'naru/cache/resolve';

export interface CacheResolveParams {
  readonly requests: readonly VertexRequest[];
}

export interface CacheResolveAnswer {
  /** In the order of the requests. */
  readonly lookups: readonly VertexLookup[];
}

/** Notification, editor to server: files, engine or options may have changed; look again. */
export const PREVIEW_REFRESH_NOTIFICATION = 'naru/preview/refresh';

/** Notification, server to editor: what is known of a document now. */
export const PREVIEW_CHANGED_NOTIFICATION = 'naru/preview/changed';

export interface PreviewChangedParams {
  readonly uri: string;
  /** Of the document the ranges belong to. */
  readonly version: number;
  /** Empty when nothing can be said. */
  readonly steps: readonly PreviewedStep[];
}

export interface PreviewedStep {
  /** 0-based lines and UTF-16 columns, end exclusive. */
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
  readonly state: PreviewState;
  readonly isCertain: boolean;
  /** Markdown in the editor's language. */
  readonly details: string;
}
