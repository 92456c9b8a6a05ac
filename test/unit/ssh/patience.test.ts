import assert from 'node:assert/strict';
import { mock } from 'node:test';

import { startPatience } from '../../../client/driver/ssh/patience.ts';
import { type Asking, SILENT_PROMPTS } from '../../../client/driver/ssh/prompts.ts';

describe('the time a host has to let somebody in', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  /** `answer` answers the question that stands. */
  function start() {
    const seen = { nTired: 0, asking: undefined as Asking | undefined, answer: (_text: string) => {} };
    const prompts = {
      ...SILENT_PROMPTS,
      password: (_user: string, _host: string, asking?: Asking) =>
        new Promise<string>((resolve) => Object.assign(seen, { asking, answer: resolve })),
    };
    return { seen, patience: startPatience(prompts, 30_000, () => (seen.nTired += 1)) };
  }

  it('is over when the host does not answer', () => {
    const { seen } = start();
    mock.timers.tick(29_999);
    assert.equal(seen.nTired, 0);
    mock.timers.tick(1);
    assert.equal(seen.nTired, 1);
  });

  it('does not run while somebody is asked, and begins anew with the answer', async () => {
    const { seen, patience } = start();
    const given = patience.prompts.password('root', 'box', { isAgain: true });
    assert.equal(seen.asking?.isAgain, true);
    mock.timers.tick(600_000);
    assert.equal(seen.nTired, 0);
    seen.answer('secret');
    assert.equal(await given, 'secret');
    mock.timers.tick(29_999);
    assert.equal(seen.nTired, 0);
    mock.timers.tick(1);
    assert.equal(seen.nTired, 1);
  });

  it('withdraws the question once the login is over', async () => {
    const { seen, patience } = start();
    const given = patience.prompts.password('root', 'box');
    patience.end();
    assert.equal(seen.asking?.signal?.aborted, true);
    seen.answer('too late');
    await given;
    mock.timers.tick(60_000);
    assert.equal(seen.nTired, 0);
  });
});
