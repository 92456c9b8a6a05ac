/** The last line of a preview in a terminal. */

import assert from 'node:assert/strict';

import { formatPreview } from '../../../client/cli/build/preview-table.ts';
import type { PreviewReport, PreviewState } from '../../../core/preview/report.ts';

function lastLine(states: readonly PreviewState[]): string | undefined {
  const counts: Record<string, number> = {};
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1;
  const summary = { counts, isAllCached: true, nUntimed: 0, contextFiles: 0, contextBytes: 0 };
  const report: PreviewReport = { file: 'Dockerfile', target: '0', steps: [], summary };
  return formatPreview(report, false).trimEnd().split('\n').at(-1);
}

describe('the last line of a preview', () => {
  for (const [states, said] of [
    [['CACHED'], 'everything is cached'],
    [
      ['CACHED', 'RELINK'],
      'everything is cached (RELINK: the files of a linked copy are reused, over another base)',
    ],
    [['CACHED?'], 'everything is cached, unless what is fetched for the steps with CACHED? has changed'],
  ] as const) {
    it(states.join(' and '), () => assert.equal(lastLine(states), said));
  }
});
