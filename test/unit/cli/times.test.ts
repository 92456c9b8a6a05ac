/** Times and durations on the command line. */

import assert from 'node:assert/strict';

import { parseDuration } from '../../../client/cli/parse/duration.ts';
import { parseTime } from '../../../client/cli/parse/time.ts';
import { formatLocalTime, formatRfc3339 } from '../../../client/cli/units.ts';

const NOW = new Date('2026-11-27T12:00:00Z');
const seconds = (time: string): number => Date.parse(time) / 1000;

describe('times on the command line', () => {
  const times: readonly (readonly [text: string, unix: number])[] = [
    ['10m', seconds('2026-11-27T11:50:00Z')],
    ['1h30m', seconds('2026-11-27T10:30:00Z')],
    ['1.5s', seconds('2026-11-27T11:59:58.5Z')],
    ['-5m', seconds('2026-11-27T12:05:00Z')],
    ['0', seconds('2026-11-27T12:00:00Z')],
    ['1700000000', 1_700_000_000],
    ['1700000000.25', 1_700_000_000.25],
    ['2026-01-31T08:00:00Z', seconds('2026-01-31T08:00:00Z')],
    ['2026-01-31T08:00:00+09:00', seconds('2026-01-30T23:00:00Z')],
    ['2026-01-31T08:00Z', seconds('2026-01-31T08:00:00Z')],
    ['2026-01-31T08:00', seconds('2026-01-31T08:00')], // in the user's zone
    ['2026-01-31', seconds('2026-01-31T00:00')],
  ];
  for (const [text, unix] of times) {
    it(text, () => assert.equal(Number(parseTime('--since', text, NOW)), unix));
  }

  it('keep all nine digits of a second', () => {
    const time = parseTime('--since', '2026-01-31T08:00:00.123456789Z', NOW);
    assert.equal(time, `${seconds('2026-01-31T08:00:00Z')}.123456789`);
  });

  for (const text of [
    '',
    'foo',
    '10',
    '10x',
    '2026-13-01',
    '2026-02-31',
    '2026-01-31T25:00',
    '5 m',
    '1h 3m',
    '-1',
  ]) {
    const isTime = text === '10'; // Unix seconds
    it(`${JSON.stringify(text)} is ${isTime ? 'one' : 'none'}`, () => {
      const parse = (): string => parseTime('--since', text, NOW);
      if (isTime) assert.equal(parse(), '10');
      else assert.throws(parse, /--since: .* is neither a time nor a duration/);
    });
  }
});

describe('durations on the command line', () => {
  it('have Go units, several in a row', () => {
    const texts = ['30s', '1h30m', '300ms', '1.5s', '2us', '500µs', '0'];
    assert.deepEqual(
      texts.map((text) => parseDuration('--health-interval', text)),
      [30_000, 5_400_000, 300, 1500, 0.002, 0.5, 0],
    );
  });

  it('need a unit', () => {
    assert.throws(
      () => parseDuration('--health-interval', '30'),
      /--health-interval: "30" is not a duration/,
    );
  });
});

describe('times as printed', () => {
  it('read as the same time again', () => {
    assert.equal(Date.parse(formatRfc3339(NOW)), NOW.getTime());
    assert.equal(Date.parse(formatRfc3339(NOW, 9).replace('000000', '')), NOW.getTime());
    assert.match(formatRfc3339(NOW, 9), /^2026-11-2\dT\d\d:\d\d:\d\d\.000000000(Z|[+-]\d\d:\d\d)$/);
  });

  it("look like Go's, fractions without zeros", () => {
    assert.match(
      formatLocalTime(new Date('2026-11-27T12:00:00.250Z')),
      /^2026-11-2\d \d\d:\d\d:\d\d\.25 [+-]\d{4} \S+$/,
    );
    assert.match(formatLocalTime(NOW), /^2026-11-2\d \d\d:\d\d:\d\d [+-]\d{4} \S+$/);
  });
});
