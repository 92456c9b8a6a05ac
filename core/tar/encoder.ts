/**
 * Writes canonical tar headers: ustar, with a pax header only for what ustar cannot say, no user names, no global header.
 * Equal entries give equal bytes. Order of members is the caller's matter.
 */

import { BLOCK_BYTES, paddingBytes, type TarEntry, type TarEntryKind } from './entry.ts';
import { encodeHeader, fitsName, MAX_ID, MAX_SIZE, NAME_BYTES } from './header.ts';
import { encodePath, hasRawBytes } from './path-bytes.ts';
import { encodePax, formatPaxTime, XATTR_PREFIX } from './pax.ts';

/** The end mark: two blocks of zeroes. */
export const TRAILER_BYTES = 2 * BLOCK_BYTES;

/** All header blocks of a member; its content and `paddingBytes(sizeBytes)` zeroes follow. Directories get a trailing slash. */
export function encodeEntry(entry: TarEntry): Uint8Array {
  const name = encodePath(entry.kind === 'dir' ? `${entry.path}/` : entry.path);
  const link = encodePath(entry.linkTarget ?? '');
  const pax = paxRecords(entry, name, link);
  const seconds = Number(entry.mtimeNs / 1_000_000_000n);
  const header = encodeHeader({
    name: pax.has('path') ? shortened(name) : name,
    mode: entry.mode,
    uid: pax.has('uid') ? 0 : entry.uid,
    gid: pax.has('gid') ? 0 : entry.gid,
    size: pax.has('size') ? 0 : entry.sizeBytes,
    mtime: seconds < 0 || seconds > MAX_SIZE ? 0 : seconds,
    type: TYPES[entry.kind],
    linkName: pax.has('linkpath') ? shortened(link) : link,
    major: entry.device?.major ?? 0,
    minor: entry.device?.minor ?? 0,
  });
  return pax.size === 0 ? header : Buffer.concat([encodePaxHeader(encodePax(pax)), header]);
}

const TYPES: Readonly<Record<TarEntryKind, string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  'char-device': '3',
  'block-device': '4',
  dir: '5',
  fifo: '6',
};

function paxRecords(entry: TarEntry, name: Uint8Array, link: Uint8Array): Map<string, Uint8Array> {
  const records = new Map<string, Uint8Array>();
  if (!fitsName(name) || needsUtf8Record(entry.path)) records.set('path', name);
  if (link.length > NAME_BYTES || needsUtf8Record(entry.linkTarget ?? '')) records.set('linkpath', link);
  if (hasRawBytes(entry.path) || hasRawBytes(entry.linkTarget ?? '')) {
    if (records.size > 0) records.set('hdrcharset', Buffer.from('BINARY'));
  }
  if (entry.uid > MAX_ID) records.set('uid', Buffer.from(String(entry.uid)));
  if (entry.gid > MAX_ID) records.set('gid', Buffer.from(String(entry.gid)));
  if (entry.sizeBytes > MAX_SIZE) records.set('size', Buffer.from(String(entry.sizeBytes)));
  const isPlainTime =
    entry.mtimeNs >= 0n &&
    entry.mtimeNs % 1_000_000_000n === 0n &&
    entry.mtimeNs / 1_000_000_000n <= MAX_SIZE;
  if (!isPlainTime) records.set('mtime', Buffer.from(formatPaxTime(entry.mtimeNs)));
  for (const [key, value] of entry.xattrs ?? []) records.set(XATTR_PREFIX + key, value);
  return records;
}

/** A ustar name is ASCII; other valid text goes into a record, which is UTF-8. Names that are not valid stay raw bytes. */
function needsUtf8Record(text: string): boolean {
  return /[^\x00-\x7f]/.test(text) && !hasRawBytes(text);
}

function encodePaxHeader(body: Uint8Array): Uint8Array {
  const header = encodeHeader({
    name: Buffer.from('PaxHeaders/x'),
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: body.length,
    mtime: 0,
    type: 'x',
    linkName: new Uint8Array(),
    major: 0,
    minor: 0,
  });
  return Buffer.concat([header, body, Buffer.alloc(paddingBytes(body.length))]);
}

/** What readers without pax see: the end of the name, which says most. */
function shortened(name: Uint8Array): Uint8Array {
  return name.length <= NAME_BYTES ? name : name.subarray(name.length - NAME_BYTES);
}
