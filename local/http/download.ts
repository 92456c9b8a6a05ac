/** A file at an http or https address, redirects followed. Node's fetch would do but for the ports that browsers refuse. */

import { once } from 'node:events';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

import { goQuote } from '../../core/dockerfile/go-quote.ts';
import { NaruError } from '../../core/errors.ts';
import { errorCode } from '../error-code.ts';

export interface Download {
  /** To be read to its end, or left by an abort. */
  readonly body: IncomingMessage;
  /** The server's Last-Modified, in milliseconds since the epoch; undefined when it said none. */
  readonly modifiedMs: number | undefined;
}

/** As in Go's client. */
const MAX_REDIRECTS = 10;

/** @throws NaruError "unavailable" when nobody answers or the answer is not 2xx, in Docker's words; "cancelled" */
export async function download(url: string, signal: AbortSignal): Promise<Download> {
  let at = new URL(url);
  for (let nRedirects = 0; nRedirects <= MAX_REDIRECTS; nRedirects += 1) {
    const body = await ask(at, url, signal);
    const { statusCode = 0, headers } = body;
    if (statusCode >= 200 && statusCode < 300) {
      const modified = Date.parse(headers['last-modified'] ?? '');
      return { body, modifiedMs: Number.isNaN(modified) ? undefined : modified };
    }
    body.destroy();
    if (statusCode < 300 || statusCode >= 400 || headers.location === undefined) {
      throw new NaruError('unavailable', 'E_DOWNLOAD', `invalid response status ${statusCode}`, {
        hint: `the server was asked for ${at.href}`,
      });
    }
    at = new URL(headers.location, at);
  }
  const message = `Get ${goQuote(url)}: stopped after ${MAX_REDIRECTS} redirects`;
  throw new NaruError('unavailable', 'E_DOWNLOAD', message);
}

async function ask(at: URL, shown: string, signal: AbortSignal): Promise<IncomingMessage> {
  if (at.protocol !== 'http:' && at.protocol !== 'https:') {
    const message = `Get ${goQuote(shown)}: unsupported protocol scheme ${goQuote(at.protocol.slice(0, -1))}`;
    throw new NaruError('invalid-argument', 'E_DOWNLOAD', message);
  }
  const asked = (at.protocol === 'https:' ? requestHttps : requestHttp)(at, { agent: false, signal });
  asked.end();
  try {
    const [response] = await once(asked, 'response');
    return response as IncomingMessage; // what the event carries
  } catch (cause) {
    if (signal.aborted)
      throw new NaruError('cancelled', 'E_CANCELLED', 'the download was cancelled', { cause });
    throw new NaruError('unavailable', 'E_DOWNLOAD', `Get ${goQuote(shown)}: ${whyNot(at, cause)}`, {
      cause,
    });
  }
}

/** Why nobody answered, in Go's words where they are known. */
function whyNot({ hostname, port, protocol }: URL, error: unknown): string {
  const code = errorCode(error);
  const host = `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`;
  if (code === 'ECONNREFUSED') return `dial tcp ${host}: connect: connection refused`;
  if (code === 'ENOTFOUND') return `dial tcp: lookup ${hostname}: no such host`;
  return error instanceof Error ? error.message : String(error);
}
