/** The user's own shellcheck: found on PATH, asked in batches, and never trusted to end or to answer sensibly. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { NaruError } from '../../../core/errors.ts';
import { askShellcheck, findShellcheck } from '../../../local/shellcheck.ts';
import { skipBecause } from '../../support/skip.ts';
import { until } from '../../support/until.ts';

const LONG_MS = 60_000;

/** Neither gone nor waiting to be collected. */
function isRunning(pid: string): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('the shellcheck of this machine', () => {
  const root = mkdtempSync(join(tmpdir(), 'naru-shellcheck-test-'));
  const temporary = join(root, 'temporary');
  const { TMPDIR } = process.env;
  before(() => {
    mkdirSync(temporary);
    process.env['TMPDIR'] = temporary;
  });
  after(() => {
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
    rmSync(root, { recursive: true, force: true });
  });

  /** A program called shellcheck in a folder of its own. */
  function program(name: string, body: string): string {
    mkdirSync(join(root, name));
    const path = join(root, name, 'shellcheck');
    writeFileSync(path, `#!/bin/sh\n${body}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  function ask(
    path: string,
    scripts: readonly string[],
    timeoutMs = LONG_MS,
  ): ReturnType<typeof askShellcheck> {
    return askShellcheck(path, scripts, { timeoutMs, nAtOnce: 1 });
  }

  function isFailure(kind: string, text: RegExp): (error: unknown) => boolean {
    return (error) => error instanceof NaruError && error.kind === kind && text.test(error.message);
  }

  it('is the first on PATH that can be run; relative folders do not count', () => {
    const real = program('found', 'true');
    mkdirSync(join(root, 'folder/shellcheck'), { recursive: true });
    mkdirSync(join(root, 'plain'));
    writeFileSync(join(root, 'plain/shellcheck'), '');
    const relativePath = relative(process.cwd(), join(root, 'found'));
    const path = [
      '',
      '.',
      relativePath,
      join(root, 'folder'),
      join(root, 'plain'),
      join(root, 'found'),
      '/bin',
    ];
    assert.equal(findShellcheck({ PATH: path.join(':') }), real);
    assert.equal(findShellcheck({ PATH: [relativePath, join(root, 'plain')].join(':') }), undefined);
    assert.equal(findShellcheck({}), undefined);
  });

  it('answers for each script, also for those it has nothing to say about', async () => {
    const comment = '{"line":1,"endLine":1,"column":1,"endColumn":2,"level":"info","code":2086,"message":"m"';
    const path = program('answers', `echo '{"comments":[${comment},"file":"1.sh"}]}'; exit 1`);
    const answers = await ask(path, ['one', 'two', 'one']);
    assert.deepEqual([...answers.keys()], ['one', 'two']);
    assert.deepEqual([answers.get('one')?.length, answers.get('two')?.length], [0, 1]);
  });

  it('gets each different script once, in files, without the rules that make no sense here', async () => {
    const log = join(root, 'log');
    const path = program('logs', `{ echo "$*"; cat 0.sh; } >> ${log}; echo '{"comments":[]}'`);
    const scripts = Array.from({ length: 41 }, (_, nth) => `echo ${nth}\n`);
    const answers = await ask(path, [...scripts, ...scripts]);
    assert.equal(answers.size, 41);
    const [first = '', script, second = '', last] = readFileSync(log, 'utf8').split('\n');
    assert.match(
      first,
      /--norc --format=json1 --severity=style --exclude=SC2187,SC1090,SC1091 -- 0\.sh .* 39\.sh$/,
    );
    assert.match(second, /-- 0\.sh$/);
    assert.deepEqual([script, last], ['echo 0', 'echo 40']);
  });

  it('is ended with what it started when it takes too long', async () => {
    const alive = join(root, 'alive');
    const path = program(
      'hangs',
      `(while :; do touch ${alive}; sleep 0.05; done) & echo $! > ${root}/child; wait`,
    );
    await assert.rejects(ask(path, ['x'], 1500), isFailure('timeout', /took longer than 1\.5 s/));
    const child = readFileSync(join(root, 'child'), 'utf8').trim();
    await until('the child is gone', () => !isRunning(child));
  });

  for (const [name, ending, body] of [
    ['ends', 'process.exit()', 'sleep 1000'],
    ['is killed', 'process.kill(process.pid, "SIGKILL")', 'while :; do :; done'],
  ] as const) {
    it(`does not outlive who asks it and ${name}`, async () => {
      const pid = join(root, `pid ${name}`);
      const path = program(`of one who ${name}`, `echo $$ > '${pid}'\n${body}`);
      const module = new URL('../../../local/shellcheck.ts', import.meta.url).href;
      const script = `import { existsSync } from 'node:fs';
import { askShellcheck } from ${JSON.stringify(module)};
void askShellcheck(${JSON.stringify(path)}, ['x'], { timeoutMs: 1000, nAtOnce: 1 });
setInterval(() => { if (existsSync(${JSON.stringify(pid)})) ${ending}; }, 10);`;
      const env = { ...process.env, ...(name === 'is killed' ? { TMPDIR: root } : {}) }; // whoever is killed leaves its files
      const { status, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { env });
      assert.deepEqual([status, signal], name === 'ends' ? [0, null] : [null, 'SIGKILL']);
      await until('it is gone', () => !isRunning(readFileSync(pid, 'utf8').trim()));
    }).timeout(30_000);
  }

  it('may not keep its output open behind its own end', async () => {
    const path = program('leaves', 'sleep 1000 & exit 0');
    await assert.rejects(ask(path, ['x'], 1000), isFailure('timeout', /took longer/));
  });

  it('is asked in as many processes at once as are allowed, and tells how far it is', async () => {
    const started = join(root, 'started');
    const go = join(root, 'go');
    mkdirSync(started);
    const wait = `until [ -e '${go}' ]; do sleep 0.01; done`;
    const path = program('at-once', `: > '${started}'/$$\n${wait}\necho '{"comments":[]}'`);
    const scripts = Array.from({ length: 100 }, (_, nth) => `echo ${nth}`); // three calls
    const progress: (readonly number[])[] = [];
    const answered = askShellcheck(path, scripts, {
      timeoutMs: LONG_MS,
      nAtOnce: 2,
      onProgress: (...numbers) => void progress.push(numbers),
    });
    await until('two are started', () => readdirSync(started).length === 2);
    writeFileSync(go, '');
    assert.equal((await answered).size, 100);
    assert.deepEqual([readdirSync(started).length, progress.length], [3, 3]);
    assert.deepEqual(progress.at(-1), [100, 100]);
  });

  it('ends the others, and leaves nothing, when one call fails', async () => {
    const mark = join(root, 'first');
    const path = program('one-fails', `if mkdir '${mark}' 2>/dev/null; then sleep 1000; else exit 3; fi`);
    const scripts = Array.from({ length: 80 }, (_, nth) => `echo ${nth}`);
    const asked = askShellcheck(path, scripts, { timeoutMs: LONG_MS, nAtOnce: 2 });
    await assert.rejects(asked, isFailure('unavailable', /did not answer/));
    assert.deepEqual(readdirSync(temporary), []);
  });

  it('is stopped by the signal', async () => {
    const path = program('waits', 'sleep 1000');
    const signal = AbortSignal.timeout(100);
    await assert.rejects(
      askShellcheck(path, ['x'], { timeoutMs: LONG_MS, nAtOnce: 1, signal }),
      isFailure('cancelled', /stopped/),
    );
    await assert.rejects(
      askShellcheck(path, ['x'], { timeoutMs: LONG_MS, nAtOnce: 1, signal }),
      isFailure('cancelled', /stopped/),
    );
  });

  it('that answers something else, nothing, or cannot be started is unavailable', async () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      [program('words', 'echo unknown flag >&2; exit 4'), /did not answer as ShellCheck does/],
      [program('cut', `printf '{"comments":[{"file":"0.sh"'`), /did not answer/],
      [program('dies', 'kill -9 $$'), /did not answer/],
      [join(root, 'missing'), /cannot be started/],
    ];
    for (const [path, text] of cases) await assert.rejects(ask(path, ['x']), isFailure('unavailable', text));
  });

  it('leaves no files behind', () => {
    assert.deepEqual(readdirSync(temporary), []);
  });

  it('says what ShellCheck says, for real', async function () {
    const path = findShellcheck(process.env);
    if (path === undefined)
      skipBecause(this, 'there is no shellcheck on PATH (Debian: apt-get install shellcheck)');
    const script = '#!/bin/sh\nexport A=1\necho $A $B\n\techo "é" `date`\n';
    const comments = (await ask(path, [script, '#!/bin/sh\ntrue\n'])).get(script) ?? [];
    assert.deepEqual(
      comments.map(({ code, column, endColumn, line }) => [code, line, column, endColumn]),
      [
        [2086, 3, 9, 11],
        [2046, 4, 11, 17],
        [2006, 4, 11, 17],
      ],
    );
  });
});
