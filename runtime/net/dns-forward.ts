/** Hands DNS messages on to real name servers, as they are; one after the other until one answers. */

import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';

const PORT = 53;
const TRY_MS = 3000;

/** The first server's answer; undefined when none answered. */
export async function forwardDatagram(
  message: Buffer,
  servers: readonly string[],
): Promise<Buffer | undefined> {
  for (const server of servers) {
    const answer = await askDatagram(message, server);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** The same over TCP; both messages without their length. */
export async function forwardStream(
  message: Buffer,
  servers: readonly string[],
): Promise<Buffer | undefined> {
  for (const server of servers) {
    const answer = await askStream(message, server);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** Cuts a TCP byte stream into DNS messages (RFC 1035 section 4.2.2: two bytes of length go first). */
export class DnsStreamReader {
  private rest: Buffer = Buffer.alloc(0);

  /** The messages that `chunk` completes, in order. */
  push(chunk: Buffer): readonly Buffer[] {
    this.rest = Buffer.concat([this.rest, chunk]);
    const messages: Buffer[] = [];
    while (this.rest.length >= 2 && this.rest.length >= 2 + this.rest.readUInt16BE(0)) {
      const end = 2 + this.rest.readUInt16BE(0);
      messages.push(this.rest.subarray(2, end));
      this.rest = this.rest.subarray(end);
    }
    return messages;
  }
}

export function withLength(message: Buffer): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(message.length, 0);
  return Buffer.concat([head, message]);
}

function askDatagram(message: Buffer, server: string): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(server) ? 'udp6' : 'udp4');
    const finish = (answer: Buffer | undefined): void => {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(() => finish(undefined), TRY_MS);
    socket.once('error', () => finish(undefined));
    socket.once('connect', () => socket.send(message));
    // The kernel drops what does not come from the server; the id tells a late answer from ours.
    socket.on('message', (answer) => {
      if (answer.length >= 12 && answer.readUInt16BE(0) === message.readUInt16BE(0)) finish(answer);
    });
    socket.connect(PORT, server);
  });
}

function askStream(message: Buffer, server: string): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const reader = new DnsStreamReader();
    const socket = connect({ host: server, port: PORT, timeout: TRY_MS });
    const finish = (answer: Buffer | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('error', () => finish(undefined));
    socket.once('timeout', () => finish(undefined));
    socket.once('close', () => finish(undefined));
    socket.on('data', (chunk: Buffer) => {
      const [answer] = reader.push(chunk);
      if (answer !== undefined) finish(answer);
    });
    socket.write(withLength(message));
  });
}
