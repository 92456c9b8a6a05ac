/** Tables of request and expected answer, run against every engine at hand: an expectation dockerd fails is our mistake. */

import assert from 'node:assert/strict';

import { ask, type EngineUnderTest } from './engine.ts';

export interface ApiCase {
  /** `GET /containers/nope/json`. `{name}` is replaced by what an earlier case kept. */
  readonly ask: string;
  readonly send?: object | string;
  readonly status: number;
  /** The exact `message` of an error, or what it must match. */
  readonly message?: string | RegExp;
  /** Fields the JSON body must have with these values; nested objects are compared the same way. */
  readonly has?: object;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string | RegExp>>;
  /** Remembers a field of the answer under a name. */
  readonly keep?: Readonly<Record<string, string>>;
  /** Why dockerd is not asked. */
  readonly naruOnly?: string;
}

/** Declares one test per case; they run in order and share what they keep. */
export function runTable(engineOf: () => EngineUnderTest, cases: readonly ApiCase[]): void {
  const kept = new Map<string, string>();
  for (const item of cases) {
    it(`${item.ask}${item.send === undefined ? '' : ` ${JSON.stringify(item.send).slice(0, 80)}`} -> ${item.status}`, async function () {
      if (item.naruOnly !== undefined && engineOf().name !== 'naru') return this.skip();
      const [method = '', path = ''] = fill(item.ask, kept).split(' ');
      const send = item.send === undefined ? undefined : fill(JSON.stringify(item.send), kept);
      const reply = await ask(
        engineOf().socketPath,
        method,
        path,
        typeof item.send === 'string' ? item.send : send,
      );
      checkReply(item, reply);
      for (const [name, field] of Object.entries(item.keep ?? {})) {
        const body = JSON.parse(reply.text) as Record<string, unknown>; // an object, or the test fails below
        kept.set(name, String(body[field]));
      }
    });
  }
}

function fill(text: string, kept: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => kept.get(name) ?? whole);
}

function checkReply(item: ApiCase, reply: Awaited<ReturnType<typeof ask>>): void {
  assert.equal(reply.status, item.status, reply.text);
  if (item.text !== undefined) assert.equal(reply.text, item.text);
  if (item.message !== undefined) {
    const { message } = JSON.parse(reply.text) as { readonly message: string }; // Docker's error body
    if (typeof item.message === 'string') assert.equal(message, item.message);
    else assert.match(message, item.message);
  }
  if (item.has !== undefined) assertHas(JSON.parse(reply.text), item.has, '');
  for (const [name, value] of Object.entries(item.headers ?? {})) {
    const actual = String(reply.headers[name.toLowerCase()]);
    if (typeof value === 'string') assert.equal(actual, value, name);
    else assert.match(actual, value, name);
  }
}

function assertHas(actual: unknown, wanted: unknown, at: string): void {
  if (wanted instanceof RegExp) {
    assert.match(String(actual), wanted, at);
    return;
  }
  if (typeof wanted !== 'object' || wanted === null) {
    assert.deepEqual(actual, wanted, at);
    return;
  }
  assert.ok(typeof actual === 'object' && actual !== null, `${at} is ${JSON.stringify(actual)}`);
  for (const [key, value] of Object.entries(wanted)) {
    assertHas((actual as Record<string, unknown>)[key], value, `${at}.${key}`); // an object by the line above
  }
}
