/** What the classic builder's clients read of a build. */

import assert from 'node:assert/strict';

import type { BuildNews } from '../../../runtime/build/builder.ts';
import { ClassicOutput } from '../../../runtime/api/build/classic-output.ts';

const NEWS: readonly BuildNews[] = [
  { type: 'step', stage: '0', line: 1, instruction: 'FROM a', state: 'CACHED', seconds: 0, bytes: 0 },
  { type: 'step', stage: '0', line: 2, instruction: 'WORKDIR /w', state: 'CACHED', seconds: 0, bytes: 0 },
  { type: 'begin', stage: '0', line: 3, instruction: 'RUN b' },
  { type: 'step', stage: '0', line: 3, instruction: 'RUN b', state: 'RUN', seconds: 1, bytes: 0 },
];

function told(noCache: boolean): string {
  let text = '';
  const output = new ClassicOutput(
    (message) => {
      if ('stream' in message) text += String(message['stream']);
    },
    { nSteps: 3, noCache },
  );
  for (const news of NEWS) output.tell(news);
  return text;
}

describe('classic output', () => {
  it('names the steps and what came from the cache', () => {
    assert.equal(
      told(false),
      'Step 1/3 : FROM a\nStep 2/3 : WORKDIR /w\n ---> Using cache\nStep 3/3 : RUN b\n',
    );
  });

  it('speaks of no cache where none was wanted', () => {
    assert.equal(told(true), 'Step 1/3 : FROM a\nStep 2/3 : WORKDIR /w\nStep 3/3 : RUN b\n');
  });

  it('counts no triggers of a base among the steps', () => {
    let text = '';
    const output = new ClassicOutput(
      (message) => (text += 'stream' in message ? String(message['stream']) : ''),
      {
        nSteps: 2,
        noCache: false,
      },
    );
    output.tell({
      type: 'step',
      stage: '0',
      line: 1,
      instruction: 'FROM a',
      state: 'CACHED',
      seconds: 0,
      bytes: 0,
    });
    output.tell({ type: 'begin', stage: '0', line: 1, instruction: 'RUN trigger' });
    output.tell({ type: 'begin', stage: '0', line: 2, instruction: 'RUN b' });
    assert.equal(text, 'Step 1/2 : FROM a\n# Executing build trigger : RUN trigger\nStep 2/2 : RUN b\n');
  });
});
