/** The monitor's log format, and framed streams. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { LogParser, LogReader } from '../../../runtime/oci-runtime/container-log.ts';
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

describe('a log that is rotated while it is read', () => {
  let directory: string;
  let log: string;
  let reader: LogReader;

  beforeEach(() => {
    directory = fs.mkdtempSync(join(tmpdir(), 'naru-log-'));
    log = join(directory, 'container.log');
    reader = new LogReader(log);
  });

  afterEach(async () => {
    await reader.close();
    fs.rmSync(directory, { recursive: true });
  });

  it('is read from the oldest file on', async () => {
    write('one');
    rotate(3);
    write('two');
    rotate(3);
    write('three');
    assert.deepEqual(await readOn(), ['one', 'two', 'three']);
  });

  it('misses no file of several rotations, nor what was written last into the one it was at', async () => {
    write('one');
    assert.deepEqual(await readOn(), ['one']);
    for (const text of ['two', 'three', 'four']) {
      write(`end before ${text}`);
      rotate(5);
      write(text);
    }
    assert.deepEqual(await readOn(), [
      'end before two',
      'two',
      'end before three',
      'three',
      'end before four',
      'four',
    ]);
    assert.deepEqual(await readOn(), []);
  });

  it('goes on with the oldest that is left', async () => {
    write('one');
    assert.deepEqual(await readOn(), ['one']);
    for (const text of ['two', 'three', 'four']) {
      rotate(2);
      write(text);
    }
    assert.deepEqual(await readOn(), ['three', 'four']);
  });

  it('waits where the newest file is still to come', async () => {
    write('one');
    rotate(2);
    assert.deepEqual(await readOn(), ['one']);
    write('two');
    assert.deepEqual(await readOn(), ['two']);
  });

  function write(text: string): void {
    fs.appendFileSync(log, `${T1}+00:00 stdout F ${text}\n`);
  }

  /** As conmon does, up to the moment before the new file is there. */
  function rotate(maxFiles: number): void {
    for (let number = maxFiles - 1; number > 0; number -= 1) {
      const from = number === 1 ? log : `${log}.${number - 1}`;
      if (fs.existsSync(from)) fs.renameSync(from, `${log}.${number}`);
    }
  }

  async function readOn(): Promise<readonly string[]> {
    const lines: string[] = [];
    for await (const { data } of reader.read()) lines.push(data.toString().trimEnd());
    return lines;
  }
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
