/**
 * Reads a tar archive that arrives in chunks of any size; what it finds it hands to a sink at once, keeping at most one header in memory.
 * Old GNU and pax sparse members are refused; global pax headers are ignored, as Go's archive/tar and so Docker do.
 */

import { BLOCK_BYTES, paddingBytes, type TarEntry, type TarEntryKind, tarError } from './entry.ts';
import { isZeroBlock, parseHeader, type RawHeader } from './header.ts';
import { decodePath } from './path-bytes.ts';
import { parsePax, parsePaxNumber, parsePaxTime, XATTR_PREFIX } from './pax.ts';

/**
 * Receives the parts of an archive in order. All bytes given to `framing` and `content`, concatenated, are the archive.
 * Chunks are only valid during the call.
 */
export interface TarSink {
  /** A member begins; its headers were given to `framing` before. */
  entry(entry: TarEntry): void;
  /** Bytes of the current file's content. */
  content(chunk: Uint8Array): void;
  /** The current member's content is complete; called for every member. */
  entryEnd?(): void;
  /** Headers, padding, the end mark and what follows it. */
  framing?(bytes: Uint8Array): void;
}

export interface TarParser {
  /** @throws NaruError "invalid-argument" with a `TarErrorCode`; the parser is unusable afterwards */
  push(chunk: Uint8Array): void;
  /** Says that the archive is complete. A missing end mark is no error. @throws NaruError "invalid-argument" E_TAR_TRUNCATED */
  end(): void;
}

/** Bound on pax records and long names of one member. */
const MAX_EXTENSION_BYTES = 4 * 1024 * 1024;

type State =
  | { readonly kind: 'header' }
  | { readonly kind: 'after-zero' }
  | { readonly kind: 'extension'; readonly type: string; readonly size: number }
  | { readonly kind: 'content' }
  | { readonly kind: 'padding' }
  | { readonly kind: 'end' };

/** What headers before the member's own said about it. */
interface Extensions {
  pax?: ReadonlyMap<string, Uint8Array>;
  longName?: Uint8Array;
  longLink?: Uint8Array;
}

export function createTarParser(sink: TarSink): TarParser {
  let state: State = { kind: 'header' };
  /** Bytes still to come of the current content or padding. */
  let remaining = 0;
  /** Size of the current content, for its padding. */
  let contentBytes = 0;
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let extensions: Extensions = {};

  function push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) at += step(chunk.subarray(at));
  }

  /** Uses some bytes of the chunk and answers how many. */
  function step(chunk: Uint8Array): number {
    switch (state.kind) {
      case 'header':
      case 'after-zero':
        return gather(chunk, BLOCK_BYTES, takeBlock);
      case 'extension':
        return gather(chunk, state.size + paddingBytes(state.size), takeExtension);
      case 'content':
        return pass(chunk, (part) => sink.content(part), endContent);
      case 'padding':
        return pass(
          chunk,
          (part) => sink.framing?.(part),
          () => {
            state = { kind: 'header' };
          },
        );
      case 'end':
        sink.framing?.(chunk);
        return chunk.length;
    }
  }

  function gather(chunk: Uint8Array, size: number, done: (bytes: Uint8Array) => void): number {
    const part = chunk.subarray(0, size - heldBytes);
    if (heldBytes === 0 && part.length === size) {
      done(part);
      return size;
    }
    held.push(Buffer.from(part));
    heldBytes += part.length;
    if (heldBytes === size) {
      const whole = Buffer.concat(held);
      held = [];
      heldBytes = 0;
      done(whole);
    }
    return part.length;
  }

  function pass(chunk: Uint8Array, give: (part: Uint8Array) => void, done: () => void): number {
    const part = chunk.subarray(0, remaining);
    remaining -= part.length;
    give(part);
    if (remaining === 0) done();
    return part.length;
  }

  function takeBlock(block: Uint8Array): void {
    if (isZeroBlock(block)) {
      sink.framing?.(block);
      state = state.kind === 'after-zero' ? { kind: 'end' } : { kind: 'after-zero' };
      return;
    }
    if (state.kind === 'after-zero') throw tarError('E_TAR_HEADER', 'an end mark is only half there');
    const header = parseHeader(block);
    sink.framing?.(block);
    if ('xgLK'.includes(header.type)) beginExtension(header);
    else beginEntry(header);
  }

  function beginExtension({ type, size }: RawHeader): void {
    if (size < 0 || size > MAX_EXTENSION_BYTES) {
      throw tarError('E_TAR_HEADER', `an extended header has ${size} bytes`);
    }
    if (size > 0) state = { kind: 'extension', type, size };
  }

  function takeExtension(bytes: Uint8Array): void {
    if (state.kind !== 'extension') return;
    sink.framing?.(bytes);
    const body = Buffer.from(bytes.subarray(0, state.size));
    if (state.type === 'x') extensions.pax = parsePax(body);
    if (state.type === 'L') extensions.longName = untilNul(body);
    if (state.type === 'K') extensions.longLink = untilNul(body);
    state = { kind: 'header' };
  }

  function beginEntry(header: RawHeader): void {
    const entry = toEntry(header, extensions);
    extensions = {};
    remaining = entry.sizeBytes;
    state = { kind: 'content' };
    contentBytes = entry.sizeBytes;
    sink.entry(entry);
    if (remaining === 0) endContent();
  }

  function endContent(): void {
    sink.entryEnd?.();
    remaining = paddingBytes(contentBytes);
    state = remaining === 0 ? { kind: 'header' } : { kind: 'padding' };
  }

  function end(): void {
    const isAtBoundary = state.kind === 'header' || state.kind === 'after-zero' || state.kind === 'end';
    // Go accepts an archive that stops inside the padding of its last member.
    const isComplete = (isAtBoundary && heldBytes === 0) || state.kind === 'padding';
    if (!isComplete || extensions.pax !== undefined || extensions.longName !== undefined) {
      throw tarError('E_TAR_TRUNCATED', 'it ends in the middle of a member');
    }
  }

  return { push, end };
}

const KINDS: Readonly<Record<string, TarEntryKind>> = {
  '0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'char-device',
  '4': 'block-device',
  '5': 'dir',
  '6': 'fifo',
};

function toEntry(header: RawHeader, extensions: Extensions): TarEntry {
  const pax = extensions.pax ?? new Map<string, Uint8Array>();
  const field = (key: string): string | undefined => {
    const value = pax.get(key);
    return value === undefined || value.length === 0 ? undefined : decodePath(value);
  };
  refuseSparse(header, pax);
  const rawPath = field('path') ?? decodePath(extensions.longName ?? header.name);
  const link = field('linkpath') ?? decodePath(extensions.longLink ?? header.linkName);
  if (rawPath.includes('\0') || link.includes('\0'))
    throw tarError('E_TAR_HEADER', 'a name holds a NUL byte');
  const kind = kindOf(header.type, rawPath);
  const mtime = field('mtime');
  const number = (key: string, fallback: number): number => {
    const value = field(key);
    return value === undefined ? fallback : parsePaxNumber(value);
  };
  const size = kind === 'file' ? number('size', header.size) : 0;
  const [uid, gid] = [number('uid', header.uid), number('gid', header.gid)];
  if (size < 0 || uid < 0 || gid < 0) throw tarError('E_TAR_NUMBER', 'a size or an owner is negative');
  const xattrs = xattrsOf(pax);
  return {
    path: rawPath.replace(/(?<=.)\/+$/s, ''),
    kind,
    mode: header.mode,
    uid,
    gid,
    sizeBytes: size,
    mtimeNs: mtime === undefined ? BigInt(header.mtime) * 1_000_000_000n : parsePaxTime(mtime),
    ...(kind === 'symlink' || kind === 'hardlink' ? { linkTarget: link } : {}),
    ...(kind.endsWith('device') ? { device: { major: header.major, minor: header.minor } } : {}),
    ...(xattrs.size > 0 ? { xattrs } : {}),
  };
}

function kindOf(type: string, path: string): TarEntryKind {
  const kind = KINDS[type];
  if (kind === undefined)
    throw tarError('E_TAR_TYPE', `member type ${JSON.stringify(type)} is not supported`);
  // v7 had no directories: a file whose name ends in a slash is one.
  return kind === 'file' && path.endsWith('/') ? 'dir' : kind;
}

function refuseSparse(header: RawHeader, pax: ReadonlyMap<string, Uint8Array>): void {
  const isSparse = header.type === 'S' || [...pax.keys()].some((key) => key.startsWith('GNU.sparse.'));
  if (isSparse) throw tarError('E_TAR_SPARSE', 'sparse members are not supported');
}

function xattrsOf(pax: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (const [key, value] of pax) {
    if (key.startsWith(XATTR_PREFIX)) found.set(key.slice(XATTR_PREFIX.length), value);
  }
  return found;
}

function untilNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}
