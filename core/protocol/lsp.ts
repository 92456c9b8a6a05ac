/**
 * What Naru adds to the Language Server Protocol. Documents are named by their URI; positions inside reports are UTF-16 offsets.
 * The server opens no sockets: what it needs of an engine it asks of the client.
 */

import type { PreviewReport } from '../preview/report.ts';
import type { CacheResolveAnswer, CacheResolveRequest } from './cache-resolve.ts';
import type { Platform } from '../oci/platform.ts';
import { type Decoder, list, record, shape, text } from './decode.ts';
import { decodePlatform, type ImageResolveAnswer, type ImageResolveRequest } from './image-resolve.ts';

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

/** Request, server to client, before every preview: what the next build of a document would be given. */
export const LSP_BUILD_OPTIONS = 'naru/build/options';
export interface LspBuildOptionsParams {
  readonly uri: string;
}
export interface LspBuildOptionsResult {
  /** Absolute path of the build context. */
  readonly contextDirectory: string;
  /** Absolute path of the folder that may be offered as context in its place; absent: none. */
  readonly workspaceFolder?: string;
  /** Name of a stage; absent: the last one. */
  readonly target?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Named contexts by `contextName`; those that are folders with their absolute paths. */
  readonly buildContexts?: Readonly<Record<string, string>>;
  /** What the selected engine runs. Absent: no engine answers, and `trouble` says why. */
  readonly platform?: Platform;
  readonly trouble?: PreviewTrouble;
}

/**
 * Notification, client to server, when it starts and after each change: the open Dockerfiles that have another context than their own folder, or named ones.
 * The whole list each time, for what looks at the context without an engine: completion, links, lint.
 */
export const LSP_CONTEXT_FOLDERS = 'naru/build/contexts';
export interface LspContextFoldersParams {
  readonly contexts: readonly {
    readonly uri: string;
    /** Absolute path. */
    readonly contextDirectory: string;
    /** Named contexts by `contextName`. */
    readonly buildContexts?: Readonly<Record<string, string>>;
  }[];
}

/** Notification, client to server, no parameters: files, the selected engine or its cache may have changed. Previews are made again. */
export const LSP_PREVIEW_REFRESH = 'naru/preview/refresh';

const decodeTrouble: Decoder<PreviewTrouble> = shape<PreviewTrouble>(
  { code: text, message: text },
  { hint: text },
);

export const decodeLspBuildOptions: Decoder<LspBuildOptionsResult> = shape<LspBuildOptionsResult>(
  { contextDirectory: text, buildArgs: record(text) },
  {
    target: text,
    workspaceFolder: text,
    buildContexts: record(text),
    platform: decodePlatform,
    trouble: decodeTrouble,
  },
);

export const decodeLspContextFolders: Decoder<LspContextFoldersParams> = shape<LspContextFoldersParams>(
  { contexts: list(shape({ uri: text, contextDirectory: text }, { buildContexts: record(text) })) },
  {},
);
