/**
 * Asks the kernel to change links, addresses and routes (rtnetlink(7)), one request after the other, without a process.
 * Calls are synchronous: the kernel answers within the system call.
 */

import { closeSync } from 'node:fs';
import { getSystemErrorName } from 'node:util';

import { exchangeMessage, netlinkRouteSocket } from './network-syscalls.ts';

/** What a request is about; `body` is what follows the header of the message. */
export interface RouteRequest {
  readonly type: number;
  /** Of linux/netlink.h, beside REQUEST and ACK: CREATE, EXCL, REPLACE. */
  readonly flags: number;
  readonly body: Uint8Array;
  /** For errors: what it does. */
  readonly what: string;
}

/** `code` is the errno's name. */
class RouteError extends Error {
  readonly code: string;

  constructor(what: string, code: string, reason: string) {
    super(`cannot ${what}: ${code}${reason === '' ? '' : `: ${reason}`}`);
    this.code = code;
  }
}

const HEADER_BYTES = 16;
const REQUEST_AND_ACK = 1 | 4;
/** Offset of the error's number, and of the attributes behind it and the header of the request. */
const ERROR_AT = HEADER_BYTES;
const WORDS_AT = ERROR_AT + 4 + HEADER_BYTES;
const NLMSGERR_ATTR_MSG = 1;

/** In the network namespace of this thread; stops at the first that fails. @throws RouteError */
export function requestRoutes(requests: readonly RouteRequest[]): void {
  const socket = netlinkRouteSocket();
  try {
    for (const request of requests) send(socket, request);
  } finally {
    closeSync(socket);
  }
}

/** As `requestRoutes`, for taking away: no such link or route is no error, because after a crash any part may be gone. */
export function requestRoutesGone(requests: readonly RouteRequest[]): void {
  for (const request of requests) {
    try {
      requestRoutes([request]);
    } catch (error) {
      if (!(error instanceof RouteError && ['ENODEV', 'ESRCH'].includes(error.code))) throw error;
    }
  }
}

function send(socket: number, { type, flags, body, what }: RouteRequest): void {
  const message = Buffer.alloc(HEADER_BYTES + body.length);
  // struct nlmsghdr, little endian: length, type, flags, sequence, port.
  message.writeUInt32LE(message.length, 0);
  message.writeUInt16LE(type, 4);
  message.writeUInt16LE(REQUEST_AND_ACK | flags, 6);
  message.set(body, HEADER_BYTES);
  const answer = Buffer.from(exchangeMessage(socket, message));
  const error = answer.readInt32LE(ERROR_AT);
  if (error !== 0) throw new RouteError(what, getSystemErrorName(error), words(answer));
}

/** The kernel's own sentence, where it has one. */
function words(answer: Buffer): string {
  for (let at = WORDS_AT; at + 4 <= answer.length; ) {
    const length = answer.readUInt16LE(at);
    if (length < 4) return '';
    if ((answer.readUInt16LE(at + 2) & 0x3fff) === NLMSGERR_ATTR_MSG) {
      return answer.toString('utf8', at + 4, Math.min(at + length, answer.length)).replace(/\0.*$/s, '');
    }
    at += (length + 3) & ~3;
  }
  return '';
}
