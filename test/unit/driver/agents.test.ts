/** The client's side of SSH agents: messages however they are cut, what is refused, and signatures that a verifier takes. */

import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, verify } from 'node:crypto';

import { keyAgent, type AgentKey } from '../../../client/driver/agents/agent.ts';
import { frame, readMessages, readStrings, sshString } from '../../../client/driver/agents/frames.ts';

const LIST = Buffer.of(11);
const DATA = Buffer.from('what is signed');

describe('messages of an SSH agent', () => {
  it('are read wherever the stream is cut', async () => {
    const messages = [Buffer.of(11), Buffer.from('a longer one'), Buffer.alloc(300, 7)];
    const bytes = Buffer.concat(messages.map(frame));
    for (const size of [1, 3, 4, 5, 17, bytes.length]) {
      const read: Buffer[] = [];
      for await (const message of readMessages(cut(bytes, size))) read.push(message);
      assert.deepEqual(read, messages, `in pieces of ${size}`);
    }
  });

  it('end with the stream, a cut one is dropped', async () => {
    const read: Buffer[] = [];
    for await (const message of readMessages(cut(frame(Buffer.from('whole')).subarray(0, 6), 2)))
      read.push(message);
    assert.deepEqual(read, []);
  });

  it('have a limit', async () => {
    const huge = Buffer.alloc(4);
    huge.writeUInt32BE(1024 * 1024);
    await assert.rejects(readMessages(cut(huge, 4)).next(), /message has 1048576 bytes/);
  });

  it('hold strings that may be cut short', () => {
    const two = Buffer.concat([sshString('a'), sshString('bc'), Buffer.of(1)]);
    assert.deepEqual(readStrings(two, 2)?.strings.map(String), ['a', 'bc']);
    assert.deepEqual(readStrings(two, 2)?.rest, Buffer.of(1));
    assert.equal(readStrings(two.subarray(0, 8), 2), undefined);
  });
});

describe('an agent of key files', () => {
  const keys = [
    key('ssh-ed25519', generateKeyPairSync('ed25519')),
    key('ssh-rsa', generateKeyPairSync('rsa', { modulusLength: 2048 })),
    ...['P-256', 'P-384', 'P-521'].map((namedCurve) =>
      key(`ecdsa-sha2-nistp${namedCurve.slice(2)}`, generateKeyPairSync('ec', { namedCurve })),
    ),
  ];

  it('lists its keys', async () => {
    const answer = await ask(LIST);
    assert.equal(answer[0], 12);
    assert.equal(answer.readUInt32BE(1), keys.length);
    const { strings } = readStrings(answer.subarray(5), keys.length * 2) ?? { strings: [] };
    assert.deepEqual(
      strings.filter((_, at) => at % 2 === 0),
      keys.map(({ blob }) => blob),
    );
  });

  it('signs with each of them', async () => {
    const hashes: Readonly<Record<string, string>> = {
      'rsa-sha2-512': 'sha512',
      'rsa-sha2-256': 'sha256',
      'ssh-rsa': 'sha1',
    };
    for (const { blob, type, publicKey } of keys) {
      for (const flags of type === 'ssh-rsa' ? [0, 2, 4] : [0]) {
        const [algorithm, signature] = await sign(blob, flags);
        const hash = hashes[algorithm];
        const isRight = algorithm.startsWith('ecdsa')
          ? verifyPair(type, publicKey, signature)
          : verify(hash ?? null, DATA, publicKey, signature);
        assert.ok(isRight, `${algorithm} with flags ${flags}`);
      }
    }
  });

  it('refuses everything else: keys it has not, cut requests, other messages', async () => {
    const foreign = key('ssh-ed25519', generateKeyPairSync('ed25519'));
    const first = keys[0]?.blob ?? Buffer.alloc(0);
    const requests = [
      request(foreign.blob, 0),
      request(first, 0).subarray(0, 20),
      request(first, 0).subarray(0, -1),
      ...[17, 18, 19, 22, 25, 27].map((type) => Buffer.concat([Buffer.of(type), sshString('x')])),
      Buffer.alloc(0),
    ];
    for (const one of requests) assert.deepEqual([...(await ask(one))], [5]);
  });

  async function ask(message: Buffer): Promise<Buffer> {
    const conversation = await keyAgent(keys)();
    return Buffer.from(await conversation.ask(message));
  }

  async function sign(blob: Buffer, flags: number): Promise<readonly [string, Buffer]> {
    const answer = await ask(request(blob, flags));
    assert.equal(answer[0], 14);
    const [whole = Buffer.alloc(0)] = readStrings(answer.subarray(1), 1)?.strings ?? [];
    const [algorithm = '', signature = Buffer.alloc(0)] = readStrings(whole, 2)?.strings ?? [];
    return [String(algorithm), Buffer.from(signature)];
  }
});

interface TestKey extends AgentKey {
  readonly publicKey: KeyObject;
}

/** Its blob is any unique bytes: the agent compares them and does not look inside. */
function key(type: string, pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }): TestKey {
  const blob = pair.publicKey.export({ type: 'spki', format: 'der' });
  const privatePem = String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return { type, comment: type, blob, privatePem, publicKey: pair.publicKey };
}

function request(blob: Buffer, flags: number): Buffer {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(flags);
  return Buffer.concat([Buffer.of(13), sshString(blob), sshString(DATA), number]);
}

/** Two numbers of the SSH protocol back to the pair that node:crypto verifies. */
function verifyPair(type: string, publicKey: KeyObject, signature: Buffer): boolean {
  const size = { 'ecdsa-sha2-nistp256': 32, 'ecdsa-sha2-nistp384': 48, 'ecdsa-sha2-nistp521': 66 }[type] ?? 0;
  const hash = { 32: 'sha256', 48: 'sha384', 66: 'sha512' }[size] ?? '';
  const numbers = readStrings(signature, 2)?.strings ?? [];
  assert.ok(
    numbers.every((number) => (number[0] ?? 0) < 0x80),
    'numbers are positive',
  );
  const pair = numbers.map((number) => {
    const plain = number[0] === 0 ? number.subarray(1) : number;
    return Buffer.concat([Buffer.alloc(size - plain.length), plain]);
  });
  return verify(hash, DATA, { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.concat(pair));
}

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
