/**
 * File names are bytes on Linux and in archives, strings in our code. Valid UTF-8 decodes as usual; any other byte 0x80–0xff becomes
 * the lone surrogate U+DC80–U+DCFF (the "surrogateescape" of Python's PEP 383), so that every name survives the round trip.
 */

/** Text of a name; never fails and never loses a byte. */
export function decodePath(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const text = buffer.toString('utf8');
  return text.includes('\ufffd') ? decodeEscaped(buffer) : text;
}

/** The bytes that `decodePath` was given. */
export function encodePath(path: string): Uint8Array {
  if (!hasRawBytes(path)) return Buffer.from(path, 'utf8');
  const parts: Uint8Array[] = [];
  for (const character of path) {
    const code = character.charCodeAt(0);
    const isRaw = character.length === 1 && code >= 0xdc80 && code <= 0xdcff;
    parts.push(isRaw ? Uint8Array.of(code - 0xdc00) : Buffer.from(character, 'utf8'));
  }
  return Buffer.concat(parts);
}

/** True when the name is not valid UTF-8, so that a system call must be given bytes. */
export function hasRawBytes(path: string): boolean {
  return /[\udc80-\udcff]/u.test(path);
}

/** Order of the encoded bytes, which differs from the order of UTF-16 units above U+D7FF. */
export function comparePaths(a: string, b: string): number {
  if (!/[\ud800-\uffff]/.test(a) && !/[\ud800-\uffff]/.test(b)) return a < b ? -1 : a > b ? 1 : 0;
  return Buffer.compare(encodePath(a), encodePath(b));
}

/** Keeps valid sequences and escapes the other bytes one by one. */
function decodeEscaped(buffer: Buffer): string {
  let text = '';
  for (let at = 0; at < buffer.length; ) {
    const length = sequenceLength(buffer, at);
    if (length === 0) text += String.fromCharCode(0xdc00 + (buffer[at] ?? 0));
    else text += buffer.toString('utf8', at, at + length);
    at += Math.max(length, 1);
  }
  return text;
}

/** Length of the valid UTF-8 sequence at an offset, 0 when there is none. */
function sequenceLength(buffer: Buffer, at: number): number {
  const first = buffer[at] ?? 0;
  const length =
    first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  const bytes = buffer.subarray(at, at + length);
  return bytes.equals(Buffer.from(bytes.toString('utf8'))) ? length : 0;
}
