import assert from 'node:assert/strict';

import { formatTable } from '../../../client/cli/table.ts';
import { formatAge, formatBytes, formatSeconds } from '../../../client/cli/units.ts';

describe('what the CLI prints', () => {
  it('sizes in decimal units, as docker images does', () => {
    assert.deepEqual([0, 999, 1000, 4_260_000, 1_530_000_000].map(formatBytes), [
      '0B',
      '999B',
      '1kB',
      '4.26MB',
      '1.53GB',
    ]);
  });

  it("ages in docker's words", () => {
    const ages = [0, 1, 59, 60, 600, 3600, 7200, 200_000, 3_000_000].map(formatAge);
    assert.deepEqual(ages, [
      'Less than a second',
      '1 second',
      '59 seconds',
      'About a minute',
      '10 minutes',
      'About an hour',
      '2 hours',
      '2 days',
      '4 weeks',
    ]);
  });

  it('durations short and long', () => {
    assert.deepEqual([0.04, 12.34, 125].map(formatSeconds), ['0.0s', '12.3s', '2m05s']);
  });

  it('columns stay aligned under Hangul', () => {
    assert.equal(
      formatTable(
        ['NAME', 'X'],
        [
          ['나루', '1'],
          ['abcd', '2'],
        ],
      ),
      'NAME      X\n나루      1\nabcd      2\n',
    );
  });
});
