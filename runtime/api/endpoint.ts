/**
 * What one endpoint is: a method, a path, and a handler that turns a request into an answer.
 * Handlers know neither sockets nor status codes of errors: they return an `Answer` or throw a NaruError; `http.ts` does the rest.
 */

import type { IncomingHttpHeaders } from 'node:http';
import type { Readable, Writable } from 'node:stream';

import type { Decoder } from '../../core/engine-api/decode.ts';
import type { ApiParts } from './parts.ts';
import type { Query } from './query.ts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';

export interface ApiRequest {
  /** Values of the `{name}` parts of the path, percent-decoded. */
  readonly params: (name: string) => string;
  readonly query: Query;
  readonly headers: IncomingHttpHeaders;
  /** Minor version the client asked for: 41 for `/v1.41/`; the newest without a prefix. */
  readonly apiMinor: number;
  /** The raw body; read it once, here or with `json`. */
  readonly body: Readable;
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal;
  /** The body as JSON, at most 4 MiB. An empty body is decoded as `undefined`. */
  readonly json: <T>(decode: Decoder<T>) => Promise<T>;
}

/** Both directions of a connection taken over by attach or exec. */
export interface Hijacked {
  /** Ends when the client closes its side. */
  readonly input: Readable;
  readonly output: Writable;
}

export type Answer =
  | {
      readonly kind: 'json';
      readonly status: number;
      readonly body: unknown;
      readonly headers?: AnswerHeaders;
    }
  | { readonly kind: 'empty'; readonly status: number; readonly headers?: AnswerHeaders }
  | {
      readonly kind: 'text';
      readonly status: number;
      readonly text: string;
      readonly headers?: AnswerHeaders;
    }
  | {
      /** Status 200, then whatever `write` writes; the connection's writer ends `out` afterwards. */
      readonly kind: 'stream';
      readonly contentType: string;
      readonly headers?: AnswerHeaders;
      readonly write: (out: Writable) => Promise<void>;
    }
  | {
      /** 101 UPGRADED when the client asked for it, raw 200 otherwise. */
      readonly kind: 'hijack';
      readonly contentType: string;
      readonly run: (connection: Hijacked) => Promise<void>;
    };

export type AnswerHeaders = Readonly<Record<string, string>>;

export interface Endpoint {
  readonly method: Method;
  /** `/containers/{id}/start`; `{name*}` also takes slashes, for image names. */
  readonly path: string;
  /** Minor API version that introduced it; absent: always there. */
  readonly since?: number;
  readonly handle: (request: ApiRequest, parts: ApiParts) => Promise<Answer>;
}

/** 200 (or `status`) with a JSON body. */
export function json(body: unknown, status = 200): Answer {
  return { kind: 'json', status, body };
}

/** 204, or another status without a body. */
export function empty(status = 204): Answer {
  return { kind: 'empty', status };
}
