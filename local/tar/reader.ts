/**
 * Reads a tar archive member by member from anything that yields chunks; constant memory, nothing is read ahead of the consumer.
 * Compression is the caller's matter (`decompress.ts`).
 */

import { NaruError } from '../../core/errors.ts';
import type { TarEntry } from '../../core/tar/entry.ts';
import { createTarParser } from '../../core/tar/parser.ts';

export interface TarMember {
  readonly entry: TarEntry;
  /** The content, once, before the next member is asked for; what is not read is skipped. */
  readonly content: AsyncIterable<Uint8Array>;
}

type Event =
  | { readonly kind: 'entry'; readonly entry: TarEntry }
  | { readonly kind: 'content'; readonly bytes: Uint8Array }
  | { readonly kind: 'entry-end' };

/**
 * Members in archive order. Ending the iteration early ends the source's iteration, and so destroys a Readable.
 * @throws NaruError "invalid-argument" with a `TarErrorCode`; "cancelled" on abort; whatever the source throws
 */
export async function* readTar(
  source: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<TarMember, void, void> {
  const events = readEvents(source, signal);
  try {
    for (let next = await events.next(); next.done !== true; next = await events.next()) {
      if (next.value.kind !== 'entry') continue;
      const content = contentOf(events);
      yield { entry: next.value.entry, content };
      // Skips what the consumer left unread.
      for await (const _ of content);
    }
  } finally {
    await events.return();
  }
}

/** Whole content of a small member. @throws NaruError "invalid-argument" E_TAR_MEMBER_SIZE when it is larger than `maxBytes` */
export async function readMember(member: TarMember, maxBytes: number): Promise<Buffer> {
  if (member.entry.sizeBytes > maxBytes) {
    const what = `${JSON.stringify(member.entry.path)} has ${member.entry.sizeBytes} bytes`;
    throw new NaruError('invalid-argument', 'E_TAR_MEMBER_SIZE', `${what}, more than ${maxBytes}`);
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of member.content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Ends for good at the member's end, so that it can be iterated again without effect. */
async function* contentOf(events: AsyncGenerator<Event, void, void>): AsyncGenerator<Uint8Array, void, void> {
  for (;;) {
    const next = await events.next();
    if (next.done === true || next.value.kind !== 'content') return;
    yield next.value.bytes;
  }
}

/** What the parser finds, in order; at most the events of one chunk are held. */
async function* readEvents(
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Event, void, void> {
  let found: Event[] = [];
  const parser = createTarParser({
    entry: (entry) => found.push({ kind: 'entry', entry }),
    content: (bytes) => found.push({ kind: 'content', bytes }),
    entryEnd: () => found.push({ kind: 'entry-end' }),
  });
  for await (const chunk of untilAborted(source, signal)) {
    parser.push(chunk);
    const events = found;
    found = [];
    yield* events;
  }
  parser.end();
  yield* found;
}

/** A source that yields nothing more (a client that stopped sending) must not keep those who abort. */
async function* untilAborted(
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  if (signal === undefined) return yield* source;
  const iterator = source[Symbol.asyncIterator]();
  let isOver = false;
  try {
    for (;;) {
      const next = await orAbort(iterator.next(), signal);
      isOver = next.done === true;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    const ended = isOver ? undefined : iterator.return?.();
    // The end of a generator comes after the value it is waiting for, which may never be.
    if (signal.aborted) ended?.then(undefined, () => undefined);
    else await ended;
  }
}

function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void =>
      reject(new NaruError('cancelled', 'E_CANCELLED', 'reading an archive was cancelled'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
