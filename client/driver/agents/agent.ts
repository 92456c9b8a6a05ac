/** An SSH agent that answers for a build: the user's own over its socket, or private keys held in this process. */

import { sign as signData } from 'node:crypto';
import { connect, type Socket } from 'node:net';

import { NaruError } from '../../../core/errors.ts';
import {
  frame,
  IDENTITIES_ANSWER,
  readMessages,
  readStrings,
  REFUSAL,
  REQUEST_IDENTITIES,
  SIGN_REQUEST,
  SIGN_RESPONSE,
  sshString,
} from './frames.ts';

/** One conversation; requests one at a time. */
export interface AgentConversation {
  /** A request without its length, and the answer to it. */
  ask(request: Buffer): Promise<Uint8Array>;
  close(): void;
}

export type AgentSource = () => Promise<AgentConversation>;

/** The agent behind a socket. Docker: a build may list keys and sign, and change nothing (sshprovider's read-only agent). */
export function socketAgent(path: string): AgentSource {
  return async () => {
    const socket = await connected(path);
    const answers = readMessages(socket)[Symbol.asyncIterator]();
    return {
      ask: async (request) => {
        if (!isHarmless(request)) return REFUSAL;
        socket.write(frame(request));
        const { value, done } = await answers.next();
        return done === true ? REFUSAL : value;
      },
      close: () => socket.destroy(),
    };
  };
}

/** A private key that can sign. */
export interface AgentKey {
  /** `ssh-ed25519`, `ssh-rsa`, `ecdsa-sha2-nistp256` … */
  readonly type: string;
  readonly comment: string;
  /** The public key as the SSH protocol has it. */
  readonly blob: Buffer;
  readonly privatePem: string;
}

/** An agent that has these keys. */
export function keyAgent(keys: readonly AgentKey[]): AgentSource {
  return async () => ({
    ask: async (request) => answerWithKeys(keys, request),
    close: () => undefined,
  });
}

function isHarmless(request: Buffer): boolean {
  return request[0] === REQUEST_IDENTITIES || request[0] === SIGN_REQUEST;
}

function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.off('error', reject);
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
    socket.once('error', (cause) => {
      reject(
        new NaruError('unavailable', 'E_SSH_AGENT', `the SSH agent at ${path} does not answer`, { cause }),
      );
    });
  });
}

function answerWithKeys(keys: readonly AgentKey[], request: Buffer): Uint8Array {
  if (request[0] === REQUEST_IDENTITIES) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(keys.length);
    const entries = keys.flatMap((key) => [sshString(key.blob), sshString(key.comment)]);
    return Buffer.concat([Buffer.of(IDENTITIES_ANSWER), count, ...entries]);
  }
  if (request[0] !== SIGN_REQUEST) return REFUSAL;
  const read = readStrings(request.subarray(1), 2);
  const [blob, data] = read?.strings ?? [];
  const key = blob === undefined ? undefined : keys.find((one) => one.blob.equals(blob));
  if (read === undefined || data === undefined || key === undefined || read.rest.length < 4) return REFUSAL;
  const signature = signatureOf(key, data, read.rest.readUInt32BE(0));
  return signature === undefined ? REFUSAL : Buffer.concat([Buffer.of(SIGN_RESPONSE), sshString(signature)]);
}

/** Flags of a sign request: which hash an RSA signature is made with. */
const RSA_SHA2_256 = 2;
const RSA_SHA2_512 = 4;

const CURVE_HASHES: Readonly<Record<string, string>> = {
  nistp256: 'sha256',
  nistp384: 'sha384',
  nistp521: 'sha512',
};

/** In the format of its algorithm (RFC 4253 6.6, RFC 5656 3.1.2, RFC 8332, RFC 8709); undefined for a kind of key we cannot use. */
function signatureOf(key: AgentKey, data: Buffer, flags: number): Buffer | undefined {
  const pem = key.privatePem;
  const named = (algorithm: string, signature: Buffer): Buffer =>
    Buffer.concat([sshString(algorithm), sshString(signature)]);
  if (key.type === 'ssh-ed25519') return named(key.type, signData(null, data, pem));
  if (key.type === 'ssh-rsa') {
    if ((flags & RSA_SHA2_512) !== 0) return named('rsa-sha2-512', signData('sha512', data, pem));
    if ((flags & RSA_SHA2_256) !== 0) return named('rsa-sha2-256', signData('sha256', data, pem));
    return named('ssh-rsa', signData('sha1', data, pem));
  }
  const hash = CURVE_HASHES[key.type.replace('ecdsa-sha2-', '')];
  if (hash === undefined) return undefined;
  const pair = signData(hash, data, { key: pem, dsaEncoding: 'ieee-p1363' });
  const half = pair.length / 2;
  return named(key.type, Buffer.concat([mpint(pair.subarray(0, half)), mpint(pair.subarray(half))]));
}

/** A positive number (RFC 4251, section 5). */
function mpint(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const plain = start < 0 ? Buffer.alloc(0) : bytes.subarray(start);
  return sshString((plain[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), plain]) : plain);
}
