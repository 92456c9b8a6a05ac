/** A terminal on a process: what is typed, how it is left, and that the terminal is as before afterwards. */

import assert from 'node:assert/strict';
import { type Duplex, PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';

import { runAttached } from '../../../client/cli/attached.ts';
import type { OutputChunk } from '../../../client/driver/engine/output.ts';
import { isErrorKind, NaruError } from '../../../core/errors.ts';

interface Bench {
  readonly end: Promise<'ended' | 'detached'>;
  readonly typed: () => string;
  readonly sizes: string[];
  /** Every change of the raw mode. */
  readonly modes: boolean[];
  readonly key: (text: string) => Promise<void>;
  readonly pull: (columns: number, rows: number) => void;
  readonly interrupt: () => void;
  readonly endOutput: (error?: Error) => void;
}

function attach(options: { readonly detachKeys?: string; readonly isTty?: boolean } = {}): Bench {
  const modes: boolean[] = [];
  const sizes: string[] = [];
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (isRaw: boolean) => modes.push(isRaw),
  });
  const stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  const controller = new AbortController();
  const input = new PassThrough();
  let typed = '';
  input.on('data', (chunk: Buffer) => (typed += chunk.toString()));
  const output = new PassThrough({ objectMode: true });
  const { isTty = true, ...keys } = options;
  const end = runAttached(
    { stdin, stdout, stderr: new PassThrough(), env: {}, cwd: '/', signal: controller.signal },
    { input: input as Duplex, output: output as AsyncIterable<OutputChunk> },
    {
      hasStdin: true,
      isTty,
      resize: async ({ columns, rows }) => void sizes.push(`${columns}x${rows}`),
      ...keys,
    },
  );
  end.catch(() => undefined); // looked at by the test
  return {
    end,
    typed: () => typed,
    sizes,
    modes,
    key: async (text) => {
      stdin.write(text);
      await turn();
    },
    pull: (columns, rows) => {
      Object.assign(stdout, { columns, rows });
      stdout.emit('resize');
    },
    interrupt: () => controller.abort(),
    endOutput: (error) => void (error === undefined ? output.end() : output.destroy(error)),
  };
}

describe('a terminal on a process', () => {
  it('sends every key, Ctrl-C included, and is raw meanwhile', async () => {
    const bench = attach();
    await bench.key('ls\u0003\r');
    assert.deepEqual([bench.typed(), bench.modes], ['ls\u0003\r', [true]]);
    bench.endOutput();
    assert.equal(await bench.end, 'ended');
    assert.deepEqual(bench.modes, [true, false]);
  });

  it('is left by ctrl-p,ctrl-q when the engine ends the stream', async () => {
    const bench = attach();
    await bench.key('a\u0010');
    await bench.key('\u0011');
    bench.endOutput();
    assert.equal(await bench.end, 'detached');
    assert.deepEqual([bench.typed(), bench.modes], ['a\u0010\u0011', [true, false]]);
  });

  it('is left by other keys when they are named, although the engine does not end the stream', async () => {
    const bench = attach({ detachKeys: 'ctrl-x,q' });
    await bench.key('\u0010\u0011\u0018x\u0018q');
    assert.equal(await bench.end, 'detached');
  });

  it('is not left by the keys of another sequence', async () => {
    const bench = attach({ detachKeys: 'ctrl-x' });
    await bench.key('\u0010\u0011');
    bench.endOutput();
    assert.equal(await bench.end, 'ended');
  });

  it('refuses keys that are none before it touches the terminal', async () => {
    const bench = attach({ detachKeys: 'ctrl-ü' });
    await assert.rejects(bench.end, (error) => isErrorKind(error, 'invalid-argument'));
    assert.deepEqual(bench.modes.filter(Boolean), []);
  });

  it('tells the size at once and at every change, and no more at the end', async () => {
    const bench = attach();
    bench.pull(100, 30);
    bench.endOutput();
    await bench.end;
    bench.pull(1, 1);
    assert.deepEqual(bench.sizes, ['80x24', '100x30']);
  });

  for (const [what, endIt] of [
    ['the connection breaks', (bench: Bench) => bench.endOutput(new NaruError('unavailable', 'E_X', 'gone'))],
    ['we are told to end', (bench: Bench) => bench.interrupt()],
  ] as const) {
    it(`is as before when ${what}`, async () => {
      const bench = attach();
      endIt(bench);
      await assert.rejects(bench.end);
      assert.deepEqual(bench.modes, [true, false]);
    });
  }

  it('without a terminal in the container stays as it is, and detach keys are plain bytes', async () => {
    const bench = attach({ isTty: false });
    await bench.key('\u0010\u0011');
    assert.deepEqual([bench.typed(), bench.modes, bench.sizes], ['\u0010\u0011', [], []]);
    bench.endOutput();
    assert.equal(await bench.end, 'ended');
  });
});
