/** DNS messages: questions are read, answers written, nonsense left alone. */

import assert from 'node:assert/strict';

import fc from 'fast-check';

import { DnsStreamReader, withLength } from '../../../../runtime/net/dns-forward.ts';
import {
  DNS_CODE,
  DNS_TYPE,
  makeAnswer,
  parseQuery,
  reverseAddress,
} from '../../../../runtime/net/dns-message.ts';

/** Id 7, recursion desired, one question of class IN. */
function query(name: string, type: number): Buffer {
  const labels = name.split('.').map((label) => `${String.fromCharCode(label.length)}${label}`);
  const head = Buffer.from([0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([head, Buffer.from(`${labels.join('')}\0`), Buffer.from([0, type, 0, 1])]);
}

describe('dns messages', () => {
  it('a question is read in lower case', () => {
    const message = query('Web.Net1', DNS_TYPE.A);
    assert.deepEqual(parseQuery(message), { name: 'web.net1', type: 1, questionEnd: message.length });
  });

  it('an answer repeats the question and lists the addresses', () => {
    const message = query('web', DNS_TYPE.A);
    const parsed = parseQuery(message);
    assert.ok(parsed);
    const answer = makeAnswer(message, parsed, DNS_CODE.OK, [{ kind: 'address', bytes: [10, 0, 0, 2] }]);
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 2, 88, 0, 4, 10, 0, 0, 2]);
    const head = Buffer.from([0, 7, 0x85, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
    assert.deepEqual(answer, Buffer.concat([head, message.subarray(12), record]));
  });

  it('a failure says so and has no records', () => {
    const message = query('web', DNS_TYPE.AAAA);
    const parsed = parseQuery(message);
    assert.ok(parsed);
    const answer = makeAnswer(message, parsed, DNS_CODE.SERVER_FAILURE, []);
    assert.deepEqual([answer[2], answer[3], answer.length], [0x81, 0x82, message.length]);
  });

  it('no bytes make it throw, and answers are not taken for questions', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void parseQuery(Buffer.from(bytes))));
    const answer = query('web', DNS_TYPE.A);
    answer[2] = 0x81;
    assert.equal(parseQuery(answer), undefined);
    assert.equal(parseQuery(query('web', DNS_TYPE.A).subarray(0, -1)), undefined);
  });

  it('a reverse name is turned into its address', () => {
    assert.equal(reverseAddress('4.3.2.1.in-addr.arpa'), '1.2.3.4');
    assert.equal(reverseAddress('web.net1'), undefined);
  });

  it('a stream is cut into messages wherever its chunks break', () => {
    const messages = [query('a', 1), query('bb.cc', 28)];
    const stream = Buffer.concat(messages.map(withLength));
    fc.assert(
      fc.property(fc.nat(stream.length), fc.nat(stream.length), (one, other) => {
        const [first, second] = [Math.min(one, other), Math.max(one, other)];
        const reader = new DnsStreamReader();
        const chunks = [stream.subarray(0, first), stream.subarray(first, second), stream.subarray(second)];
        assert.deepEqual(
          chunks.flatMap((chunk) => reader.push(chunk)),
          messages,
        );
      }),
    );
  });
});
