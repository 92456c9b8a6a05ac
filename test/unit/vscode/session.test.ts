/** The extension's engine: reached once, lost, found again, never started from a workspace that is not trusted. */

import assert from 'node:assert/strict';

import type { Engine, EngineEvent } from '../../../client/vscode/engine/engine.ts';
import type { EngineSession, EngineState } from '../../../client/vscode/engine/session.ts';
import { isErrorKind, NaruError } from '../../../core/errors.ts';
import { until } from '../../support/until.ts';
import { editor, grantTrust, resetEditor } from '../../support/vscode-double.ts';

const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** An engine whose events end when told to. */
function engineDouble(): { engine: Engine; end: (error?: unknown) => void; nClosed: () => number } {
  let nClosed = 0;
  let end: (error?: unknown) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    end = (error) => (error === undefined ? resolve() : reject(error as Error)); // tests pass errors only
  });
  const engine = {
    name: 'local engine',
    platform: { os: 'linux', architecture: 'amd64' },
    events: () => never(ended),
    close: () => (nClosed += 1),
  };
  return {
    engine: engine as unknown as Engine, // the session uses no more of it
    end: (error) => end(error),
    nClosed: () => nClosed,
  };
}

/** Nothing happens until it ends. */
async function* never(ended: Promise<void>): AsyncGenerator<EngineEvent, void, void> {
  await ended;
  yield* [];
}

describe("the extension's engine", () => {
  beforeEach(resetEditor);

  async function session(connect: () => Promise<Engine>): Promise<{
    session: EngineSession;
    states: EngineState[];
  }> {
    const { EngineSession } = await import('../../../client/vscode/engine/session.ts');
    const made = new EngineSession(connect, LOG as never); // what is logged is not looked at
    const states: EngineState[] = [];
    made.onDidChange((state) => states.push(state));
    return { session: made, states };
  }

  it('is not reached from a workspace that is not trusted', async () => {
    editor.isTrusted = false;
    let nConnects = 0;
    const { session: subject, states } = await session(async () => {
      nConnects += 1;
      return engineDouble().engine;
    });
    await assert.rejects(subject.engine(), (error) => isErrorKind(error, 'forbidden'));
    assert.deepEqual([nConnects, editor.contexts.get('naru.isUntrusted')], [0, true]);
    grantTrust();
    assert.deepEqual([states.length, editor.contexts.get('naru.isUntrusted')], [1, false]);
    await subject.engine();
    assert.equal(nConnects, 1);
  });

  it('is reached once by calls at the same time', async () => {
    const { engine } = engineDouble();
    let nConnects = 0;
    const { session: subject } = await session(async () => {
      nConnects += 1;
      return engine;
    });
    assert.deepEqual(await Promise.all([subject.engine(), subject.engine()]), [engine, engine]);
    assert.deepEqual([nConnects, editor.contexts.get('naru.engineState')], [1, 'running']);
  });

  it('that goes away at once is let go, and is not started again by itself', async () => {
    const double = engineDouble();
    const { session: subject } = await session(async () => double.engine);
    await subject.engine();
    double.end(new NaruError('unavailable', 'E_CONNECTION', 'socket hang up'));
    await until('its end', () => subject.state.kind !== 'running');
    const { state } = subject;
    assert.equal(state.kind, 'failed');
    assert.match(String(state.kind === 'failed' && state.error), /local engine went away: socket hang up/);
    assert.equal(double.nClosed(), 1);
  });

  it('that goes away later is reached again at the next use', async () => {
    const doubles = [engineDouble(), engineDouble()];
    let next = 0;
    const { session: subject, states } = await session(async () => doubles[next++]?.engine ?? assert.fail());
    await subject.engine();
    const now = performance.now.bind(performance);
    performance.now = () => now() + 60_000; // a minute has gone by
    try {
      doubles[0]?.end();
      await until('its end', () => subject.state.kind !== 'running');
    } finally {
      performance.now = now;
    }
    const [lost] = states.slice(-1);
    assert.equal(lost?.kind, 'stopped');
    assert.match(String(lost.kind === 'stopped' && lost.lost), /went away: it was ended/);
    assert.equal(await subject.engine(), doubles[1]?.engine);
  });

  it('that was left on purpose is not said to have gone away', async () => {
    const double = engineDouble();
    const { session: subject, states } = await session(async () => double.engine);
    await subject.engine();
    subject.disconnect();
    double.end();
    assert.deepEqual([states.at(-1), double.nClosed()], [{ kind: 'stopped' }, 1]);
  });
});
