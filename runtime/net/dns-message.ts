/** As much of the DNS wire format (RFC 1035 section 4) as a resolver for container names needs. Pure. */

export const DNS_TYPE = { A: 1, PTR: 12, AAAA: 28 } as const;
export const DNS_CODE = { OK: 0, SERVER_FAILURE: 2, NO_SUCH_NAME: 3 } as const;

const TTL_SECONDS = 600;
const CLASS_IN = 1;

export interface DnsQuery {
  /** Lower case, without the dot at the end. */
  readonly name: string;
  readonly type: number;
  /** Where the question ends in the message. */
  readonly questionEnd: number;
}

/** The single question of a query; undefined for anything else (answers, other opcodes, several questions, broken bytes). */
export function parseQuery(message: Buffer): DnsQuery | undefined {
  if (message.length < 17) return undefined;
  const isPlainQuery = (message.readUInt8(2) & 0xf8) === 0;
  if (!isPlainQuery || message.readUInt16BE(4) !== 1) return undefined;
  const labels: string[] = [];
  let at = 12;
  for (;;) {
    const length = message[at];
    if (length === undefined || length > 63) return undefined;
    at += 1;
    if (length === 0) break;
    labels.push(message.toString('latin1', at, at + length));
    at += length;
  }
  if (at + 4 > message.length || message.readUInt16BE(at + 2) !== CLASS_IN) return undefined;
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at), questionEnd: at + 4 };
}

/** One record of an answer: an IPv4 address (four bytes) or a host name. */
export type DnsRecord =
  | { readonly kind: 'address'; readonly bytes: readonly number[] }
  | { readonly kind: 'name'; readonly name: string };

/** The answer to `query` as read from `message`; authoritative, recursion available. */
export function makeAnswer(
  message: Buffer,
  query: DnsQuery,
  code: number,
  records: readonly DnsRecord[],
): Buffer {
  const head = Buffer.from(message.subarray(0, query.questionEnd));
  const recursionDesired = head.readUInt8(2) & 0x01;
  head.writeUInt8(0x80 | (code === DNS_CODE.SERVER_FAILURE ? 0 : 0x04) | recursionDesired, 2);
  head.writeUInt8(0x80 | code, 3);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(records.length, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, ...records.map(encodeRecord)]);
}

/** `4.3.2.1.in-addr.arpa` -> `1.2.3.4`; undefined for other names. */
export function reverseAddress(name: string): string | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa$/.exec(name);
  return match === null ? undefined : match.slice(1).toReversed().join('.');
}

/** Name (a pointer to the question), type, class, TTL, length, data. */
function encodeRecord(record: DnsRecord): Buffer {
  const data = record.kind === 'address' ? Buffer.from(record.bytes) : encodeName(record.name);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(record.kind === 'address' ? DNS_TYPE.A : DNS_TYPE.PTR, 2);
  head.writeUInt16BE(CLASS_IN, 4);
  head.writeUInt32BE(TTL_SECONDS, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function encodeName(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.from(label.slice(0, 63), 'latin1'));
  return Buffer.concat([
    ...labels.flatMap((label) => [Buffer.from([label.length]), label]),
    Buffer.from([0]),
  ]);
}
