/**
 * A connection to anything that speaks the Docker Engine API: Naru's engine, Docker or Podman.
 * Agrees on an API version, encodes queries, and turns error answers into NaruErrors; what the endpoints mean is in the files beside this one.
 */

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import { type Decoder, listOf, object, string } from '../../../core/engine-api/decode.ts';
import { NaruError } from '../../../core/errors.ts';
import { API_VERSION } from '../../../core/version.ts';
import type { Connect } from '../../../local/http/agent.ts';
import { readText } from '../../../local/http/body.ts';
import { HttpClient, type HttpRequest, type HttpResponse } from '../../../local/http/client.ts';
import { engineError } from './engine-error.ts';

export type EngineKind = 'naru' | 'docker' | 'podman';

export type QueryValue =
  | string
  | number
  | boolean
  | readonly string[]
  | Readonly<Record<string, unknown>>
  | undefined;

export interface EngineCall {
  readonly method: HttpRequest['method'];
  /** Without version (`/containers/json`); parts that come from outside through `encodeURIComponent`. */
  readonly path: string;
  /** Undefined and '' are left out, lists repeat the name, objects become JSON, booleans 1 and 0. */
  readonly query?: Readonly<Record<string, QueryValue>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly stream?: AsyncIterable<Uint8Array> | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface EngineStream {
  readonly headers: IncomingHttpHeaders;
  /** To be iterated once; leaving the iteration breaks the stream off. @throws NaruError "unavailable" when the engine breaks it off */
  readonly body: AsyncIterable<Uint8Array>;
}

/** JSON answers are held in memory whole; `docker inspect` of a large engine stays far below. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;

export class EngineConnection {
  readonly kind: EngineKind;
  /** Of the engine itself, for people. */
  readonly engineVersion: string;
  /** Agreed on: the lower of ours and the engine's. */
  readonly apiVersion: string;
  /** Go's name of the engine's architecture: amd64, arm64. */
  readonly arch: string;
  /** It may break while both sides go on. */
  readonly isDistant: boolean;
  readonly #http: HttpClient;
  readonly #version: EngineVersion;
  readonly #signal: AbortSignal | undefined;

  private constructor(http: HttpClient, version: EngineVersion, isDistant: boolean, signal?: AbortSignal) {
    this.isDistant = isDistant;
    this.#http = http;
    this.#version = version;
    this.#signal = signal;
    this.kind = kindOf(version);
    this.engineVersion = version.Version;
    this.apiVersion = lowerVersion(API_VERSION, version.ApiVersion);
    this.arch = version.Arch;
  }

  /** Opens a stream and asks who is there. @throws NaruError "unavailable" when nobody answers */
  static async open(
    connect: Connect,
    { isDistant = false, signal }: { readonly isDistant?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<EngineConnection> {
    const http = new HttpClient({ connect });
    try {
      const asked = { method: 'GET', path: '/version', ...(signal === undefined ? {} : { signal }) } as const;
      const response = await http.request(asked);
      const version = decodeVersion(await jsonOf(response, asked.path), '');
      return new EngineConnection(http, version, isDistant);
    } catch (error) {
      http.dispose();
      throw error;
    }
  }

  /** The same connection, whose calls end with this signal unless they have one of their own; undefined: unless they have one. */
  boundTo(signal: AbortSignal | undefined): EngineConnection {
    return new EngineConnection(this.#http, this.#version, this.isDistant, signal);
  }

  /** The decoded JSON answer. @throws NaruError by the status of the answer */
  async json<T>(call: EngineCall, decode: Decoder<T>): Promise<T> {
    const response = await this.#http.request(this.#requestOf(call));
    return decoded(response, call.path, decode);
  }

  /** For answers whose status says that something has begun, and whose JSON comes at its end. Who does not await `value` hears of no error. */
  async begin<T>(call: EngineCall, decode: Decoder<T>): Promise<{ readonly value: Promise<T> }> {
    const response = await this.#http.request(this.#requestOf(call));
    await refuseErrors(response, call.path);
    const value = decoded(response, call.path, decode);
    value.catch(() => undefined);
    return { value };
  }

  /** For answers without content. False when nothing had to be done (304). */
  async done(call: EngineCall): Promise<boolean> {
    const response = await this.#http.request(this.#requestOf(call));
    if (response.status === 304) {
      response.body.resume();
      return false;
    }
    await refuseErrors(response, call.path);
    response.body.resume();
    return true;
  }

  /** Headers of an answer that has nothing else; undefined for 404. */
  async head(call: EngineCall): Promise<IncomingHttpHeaders | undefined> {
    const response = await this.#http.request(this.#requestOf(call));
    if (response.status === 404) {
      response.body.resume();
      return undefined;
    }
    await refuseErrors(response, call.path);
    response.body.resume();
    return response.headers;
  }

  /** For answers that are read as they come. The signal also ends the reading. */
  async stream(call: EngineCall): Promise<EngineStream> {
    const response = await this.#http.request(this.#requestOf(call));
    await refuseErrors(response, call.path);
    return { headers: response.headers, body: readBody(response.body, call.path) };
  }

  /** For attach and exec: both directions of a raw connection, owned by the caller. */
  async hijack(
    call: EngineCall,
  ): Promise<{ readonly headers: IncomingHttpHeaders; readonly stream: Duplex }> {
    const answer = await this.#http.upgrade(this.#requestOf(call));
    if ('stream' in answer) return answer;
    await refuseErrors(answer, call.path);
    answer.body.destroy();
    throw new NaruError('unavailable', 'E_NO_UPGRADE', `the engine did not open a stream for ${call.path}`);
  }

  /** True when the agreed version is at least this one (`1.42`). */
  supports(apiVersion: string): boolean {
    return lowerVersion(this.apiVersion, apiVersion) === apiVersion;
  }

  /** Breaks off what is under way. The engine is not stopped. */
  dispose(): void {
    this.#http.dispose();
  }

  #requestOf(call: EngineCall): HttpRequest {
    const isNaru = call.path.startsWith('/naru/');
    const path = `${isNaru ? '' : `/v${this.apiVersion}`}${call.path}${encodeQuery(call.query)}`;
    const body = call.stream ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
    const signal = call.signal ?? this.#signal;
    const type = call.body === undefined ? {} : { 'content-type': 'application/json' };
    return {
      method: call.method,
      path,
      headers: { 'user-agent': 'naru', ...type, ...call.headers },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    };
  }
}

interface EngineVersion {
  readonly Version: string;
  readonly ApiVersion: string;
  readonly Arch: string;
  readonly Platform: { readonly Name: string };
  readonly Components: readonly { readonly Name: string }[];
}

const decodeVersion: Decoder<EngineVersion> = object<EngineVersion>({
  Version: string,
  ApiVersion: string,
  Arch: string,
  Platform: object({ Name: string }),
  Components: listOf(object({ Name: string })),
});

function kindOf(version: EngineVersion): EngineKind {
  const names = [version.Platform.Name, ...version.Components.map(({ Name }) => Name)].join(' ');
  if (names.includes('Naru')) return 'naru';
  return names.includes('Podman') ? 'podman' : 'docker';
}

/** Of two versions `major.minor`; an engine that names none gets ours. */
function lowerVersion(ours: string, theirs: string): string {
  const [ourMinor, theirMinor] = [ours, theirs].map((text) => Number(text.split('.')[1] ?? Number.NaN));
  if (ourMinor === undefined || theirMinor === undefined || Number.isNaN(theirMinor)) return ours;
  return theirMinor < ourMinor ? theirs : ours;
}

function encodeQuery(query: EngineCall['query']): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === '') continue;
    if (Array.isArray(value)) for (const one of value as readonly string[]) search.append(name, one);
    else if (typeof value === 'boolean') search.append(name, value ? '1' : '0');
    else search.append(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  return search.size === 0 ? '' : `?${search.toString()}`;
}

async function* readBody(body: IncomingMessage, path: string): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* body;
  } catch (cause) {
    if (cause instanceof NaruError) throw cause;
    throw new NaruError('unavailable', 'E_CONNECTION', `the connection broke during ${path}`, { cause });
  }
}

async function decoded<T>(
  ...[response, path, decode]: [...Parameters<typeof jsonOf>, Decoder<T>]
): Promise<T> {
  const value = await jsonOf(response, path);
  try {
    return decode(value, '');
  } catch (cause) {
    throw notUnderstood(path, cause);
  }
}

async function jsonOf(response: HttpResponse, path: string): Promise<unknown> {
  await refuseErrors(response, path);
  const text = await readText(readBody(response.body, path), MAX_JSON_BYTES);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new NaruError('unavailable', 'E_ENGINE_ANSWER', `the engine's answer to ${path} is not JSON`, {
      cause,
    });
  }
}

/** The decoders speak of requests, which is what they were made for. */
function notUnderstood(path: string, cause: unknown): NaruError {
  const what =
    cause instanceof Error ? cause.message.replace(/^invalid request body:? ?/, '') : String(cause);
  return new NaruError(
    'unavailable',
    'E_ENGINE_ANSWER',
    `the engine's answer to ${path} is not understood: ${what}`,
    {
      cause,
    },
  );
}

async function refuseErrors(response: HttpResponse, path: string): Promise<void> {
  if (response.status < 400 && response.status !== 304) return;
  const text = await readText(readBody(response.body, path), MAX_JSON_BYTES);
  throw engineError(response.status, text, path);
}
