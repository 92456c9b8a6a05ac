/** The monitor's log format, and framed streams. */

import assert from 'node:assert/strict';

import { LogParser } from '../../../runtime/oci-runtime/container-log.ts';
import { frame, frameFilter } from '../../../runtime/oci-runtime/stream-frames.ts';

const T1 = '2026-11-20T17:56:06.403011143';
const T2 = '2026-11-20T17:56:07.000000001';

function parse(...chunks: readonly string[]): readonly string[] {
  const parser = new LogParser();
  const records = chunks.flatMap((chunk) => [...parser.push(Buffer.from(chunk))]);
  return [...records, ...parser.rest()].map(
    ({ stream, timestamp, data }) => `${stream} ${timestamp} ${JSON.stringify(data.toString())}`,
  );
}

describe('container log', () => {
  it('joins pieces per stream', () => {
    const text = `${T1}+00:00 stdout P ab\n${T2}+00:00 stderr F e\n${T2}+00:00 stdout F cd\n`;
    assert.deepEqual(parse(text), [`stderr ${T2}Z "e\\n"`, `stdout ${T1}Z "abcd\\n"`]);
  });

  it('reads lines that come in any chunks', () => {
    const text = `${T1}+00:00 stdout F one\n${T2}+00:00 stdout F \n`;
    const expected = [`stdout ${T1}Z "one\\n"`, `stdout ${T2}Z "\\n"`];
    for (let at = 0; at < text.length; at += 7)
      assert.deepEqual(parse(text.slice(0, at), text.slice(at)), expected);
  });

  it('keeps what never got its newline', () => {
    assert.deepEqual(parse(`${T1}+00:00 stdout P partial\n`), [`stdout ${T1}Z "partial"`]);
  });

  it('skips what is no line of a log', () => {
    assert.deepEqual(parse('nonsense\n', `${T1}+00:00 stdout F x\n`), [`stdout ${T1}Z "x\\n"`]);
  });
});

describe('framed streams', () => {
  it('carry name and length', () => {
    assert.deepEqual([...frame('stderr', Buffer.from('ab'))], [2, 0, 0, 0, 0, 0, 0, 2, 97, 98]);
  });

  it('are filtered frame by frame, however they are cut', async () => {
    const all = Buffer.concat([
      frame('stdout', Buffer.from('out')),
      frame('stderr', Buffer.from('err')),
      frame('stdout', Buffer.from('2')),
    ]);
    const filter = frameFilter(new Set(['stdout']));
    for (const byte of all) filter.write(Buffer.from([byte]));
    filter.end();
    const chunks: Buffer[] = [];
    for await (const chunk of filter) chunks.push(chunk as Buffer); // a byte stream
    const expected = Buffer.concat([frame('stdout', Buffer.from('out')), frame('stdout', Buffer.from('2'))]);
    assert.deepEqual(Buffer.concat(chunks), expected);
  });
});
