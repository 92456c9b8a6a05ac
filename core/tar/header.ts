/**
 * The 512-byte tar header block: POSIX ustar, GNU and v7 read, ustar written.
 * Follows POSIX.1-2017 pax §"ustar Interchange Format" and GNU tar's manual §"Basic Tar Format" (base-256 numbers); choices where readers differ are Go's archive/tar, which Docker uses.
 *
 *   0 name 100 | 100 mode 8 | 108 uid 8 | 116 gid 8 | 124 size 12 | 136 mtime 12 | 148 checksum 8 | 156 type 1
 *   157 linkname 100 | 257 magic 6 version 2 | 265 uname 32 | 297 gname 32 | 329 major 8 | 337 minor 8 | 345 prefix 155
 */

import { BLOCK_BYTES, tarError } from './entry.ts';

/** The fields of one block; names are bytes, numbers as stored. */
export interface RawHeader {
  readonly name: Uint8Array;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Seconds. */
  readonly mtime: number;
  /** One ASCII character; '0' also stands for the NUL of v7. */
  readonly type: string;
  readonly linkName: Uint8Array;
  readonly major: number;
  readonly minor: number;
}

/** Largest values that fit the octal fields. */
export const MAX_ID = 0o7777777;
export const MAX_SIZE = 0o77777777777;
/** Bytes of `name` and `linkname`, and of `prefix`. */
export const NAME_BYTES = 100;
const PREFIX_BYTES = 155;

export function isZeroBlock(block: Uint8Array): boolean {
  for (let at = 0; at < BLOCK_BYTES; at += 1) if (block[at] !== 0) return false;
  return true;
}

/** @throws NaruError "invalid-argument" E_TAR_CHECKSUM, E_TAR_NUMBER */
export function parseHeader(block: Uint8Array): RawHeader {
  checkSum(block);
  const magic = ascii(block, 257, 8);
  const isUstar = magic === 'ustar\x0000';
  const isGnu = magic === 'ustar  \0';
  const type = String.fromCharCode(block[156] ?? 0);
  const name = text(block, 0, NAME_BYTES);
  const prefix = isUstar ? text(block, 345, PREFIX_BYTES) : new Uint8Array();
  return {
    name: prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name]),
    mode: number(block, 100, 8) & 0o7777,
    uid: number(block, 108, 8),
    gid: number(block, 116, 8),
    size: number(block, 124, 12),
    mtime: number(block, 136, 12),
    type: type === '\0' ? '0' : type,
    linkName: text(block, 157, NAME_BYTES),
    major: isUstar || isGnu ? number(block, 329, 8) : 0,
    minor: isUstar || isGnu ? number(block, 337, 8) : 0,
  };
}

/** A ustar block. `name` is split into prefix and name when that makes it fit (`fitsName`). Numbers must fit their fields. */
export function encodeHeader(header: RawHeader): Uint8Array {
  const block = Buffer.alloc(BLOCK_BYTES);
  const split = splitName(header.name);
  if (split === undefined) throw tarError('E_TAR_HEADER', 'a name does not fit its header');
  block.set(split.name, 0);
  block.set(split.prefix, 345);
  octal(block, 100, 8, header.mode);
  octal(block, 108, 8, header.uid);
  octal(block, 116, 8, header.gid);
  octal(block, 124, 12, header.size);
  octal(block, 136, 12, header.mtime);
  block.write(header.type, 156, 'latin1');
  block.set(header.linkName.subarray(0, NAME_BYTES), 157);
  block.write('ustar\x0000', 257, 'latin1');
  if (header.type === '3' || header.type === '4') {
    octal(block, 329, 8, header.major);
    octal(block, 337, 8, header.minor);
  }
  block.fill(0x20, 148, 156);
  let sum = 0;
  for (let at = 0; at < BLOCK_BYTES; at += 1) sum += block[at] ?? 0;
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** Whether a name fits a ustar header, using the prefix field if it must. */
export function fitsName(name: Uint8Array): boolean {
  return splitName(name) !== undefined;
}

function splitName(name: Uint8Array): { name: Uint8Array; prefix: Uint8Array } | undefined {
  if (name.length <= NAME_BYTES) return { name, prefix: new Uint8Array() };
  // The prefix ends before a slash that leaves a non-empty name of at most 100 bytes; a trailing slash is part of the name.
  const slash = name.subarray(0, Math.min(PREFIX_BYTES + 1, name.length - 1)).lastIndexOf(0x2f);
  if (slash <= 0 || name.length - slash - 1 > NAME_BYTES) return undefined;
  return { name: name.subarray(slash + 1), prefix: name.subarray(0, slash) };
}

/** POSIX sums bytes as unsigned; some old writers summed them as signed. */
function checkSum(block: Uint8Array): void {
  const stored = storedSum(block);
  let unsigned = 0;
  let signed = 0;
  for (let at = 0; at < BLOCK_BYTES; at += 1) {
    const byte = at >= 148 && at < 156 ? 0x20 : (block[at] ?? 0);
    unsigned += byte;
    signed += byte < 128 ? byte : byte - 256;
  }
  if (stored !== unsigned && stored !== signed)
    throw tarError('E_TAR_CHECKSUM', 'a header has a wrong checksum');
}

/** Undefined where there is no number at all, as in what is no archive. */
function storedSum(block: Uint8Array): number | undefined {
  try {
    return number(block, 148, 8);
  } catch {
    return undefined;
  }
}

/** Octal text padded with NULs and spaces, or big-endian two's complement when the first bit is set. */
function number(block: Uint8Array, offset: number, length: number): number {
  const first = block[offset] ?? 0;
  if ((first & 0x80) !== 0) return base256(block.subarray(offset, offset + length));
  const digits = ascii(block, offset, length).replace(/^[\0 ]+|[\0 ]+$/g, '');
  if (digits === '') return 0;
  if (!/^[0-7]+$/.test(digits))
    throw tarError('E_TAR_NUMBER', `${JSON.stringify(digits)} is not an octal number`);
  return Number.parseInt(digits, 8);
}

function base256(field: Uint8Array): number {
  const isNegative = (field[0] ?? 0) === 0xff;
  let value = BigInt((field[0] ?? 0) & 0x7f);
  if (isNegative) value = -1n;
  for (const byte of field.subarray(1)) value = value * 256n + BigInt(byte);
  const result = Number(value);
  if (!Number.isSafeInteger(result)) throw tarError('E_TAR_NUMBER', 'a number is larger than 2^53');
  return result;
}

function octal(block: Buffer, offset: number, length: number, value: number): void {
  const digits = value.toString(8).padStart(length - 1, '0');
  if (value < 0 || digits.length >= length)
    throw tarError('E_TAR_NUMBER', `${value} does not fit its header`);
  block.write(`${digits}\0`, offset, 'latin1');
}

/** Up to the first NUL. */
function text(block: Uint8Array, offset: number, length: number): Uint8Array {
  const field = block.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return end < 0 ? field : field.subarray(0, end);
}

function ascii(block: Uint8Array, offset: number, length: number): string {
  return Buffer.from(block.buffer, block.byteOffset + offset, length).toString('latin1');
}
