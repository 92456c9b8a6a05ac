/** Reading bodies: whole ones up to a bound, and streams of JSON objects line by line. */

import { NaruError } from '../../core/errors.ts';

/** UTF-8 text. @throws NaruError "invalid-argument" when there is more than `maxBytes`; whatever the source throws */
export async function readText(source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let nBytes = 0;
  for await (const chunk of source) {
    nBytes += chunk.length;
    if (nBytes > maxBytes) {
      throw new NaruError('invalid-argument', 'E_BODY_TOO_LARGE', `a body has more than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Longer lines than this are refused: nothing we speak has them, and a line is held in memory. */
const MAX_LINE = 64 * 1024 * 1024;

/** Lines without their end (LF or CRLF), empty ones left out; the last may lack its newline. */
export async function* readLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of source) {
    rest += decoder.decode(chunk, { stream: true });
    let start = 0;
    for (let feed = rest.indexOf('\n'); feed >= 0; feed = rest.indexOf('\n', start)) {
      const line = rest.slice(start, rest[feed - 1] === '\r' ? feed - 1 : feed);
      start = feed + 1;
      if (line !== '') yield line;
    }
    rest = rest.slice(start);
    if (rest.length > MAX_LINE)
      throw new NaruError('invalid-argument', 'E_LINE_TOO_LONG', 'a line is too long');
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

/** One value per line, as Docker streams progress and events. @throws NaruError "invalid-argument" for what is no JSON */
export async function* readJsonLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<unknown, void, void> {
  for await (const line of readLines(source)) {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (cause) {
      throw new NaruError('invalid-argument', 'E_JSON_LINE', 'a line of the stream is not JSON', { cause });
    }
    yield value;
  }
}
