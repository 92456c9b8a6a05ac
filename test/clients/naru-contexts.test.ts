/** `naru build` reads the contexts that the target needs and no others: a folder that cannot be read harms nobody who does not use it. */

import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { imageLayout } from '../conformance/image-layout.ts';
import { type Project, writeProject } from '../conformance/project.ts';
import { type EngineUnderTest, startEngine } from '../support/engine.ts';
import { runNaru, startNaru } from '../support/naru-cli.ts';
import { requireRoot } from '../support/skip.ts';
import { until } from '../support/until.ts';

describe('naru build with contexts it does not need', function () {
  this.timeout(60_000);
  let engine: EngineUnderTest;
  let folder = '';
  let layout: Project;

  before(async function () {
    requireRoot(this);
    engine = await startEngine();
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'naru-contexts-')));
    for (const name of ['good', 'bad']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'good/f'), 'f\n');
    // A name that is not UTF-8 cannot be told to an engine.
    writeFileSync(Buffer.concat([Buffer.from(join(folder, 'bad/')), Buffer.of(0xff)]), '');
    layout = writeProject({ name: 'unused', dockerfile: '', files: imageLayout('../layout') });
    const blobs = join(layout.cwd, '../layout/blobs/sha256');
    for (const name of readdirSync(blobs))
      if (readFileSync(join(blobs, name), 'utf8')[0] !== '{') rmSync(join(blobs, name)); // layers
    assert.equal(
      (await build(folder, 'FROM scratch\nONBUILD COPY --from=x . /\n', ['-t', 'hooked'])).status,
      0,
    );
  });
  after(async () => {
    await engine?.stop();
    layout?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  function build(context: string, dockerfile: string, flags: readonly string[] = []) {
    return runNaru(engine.host, ['build', ...flags, '-f', '-', context], {
      input: dockerfile,
      cwd: layout?.cwd ?? folder,
    });
  }

  const [good, bad] = ['good', 'bad'].map((name) => () => join(folder, name));
  const UNREADABLE = /is not UTF-8/;
  const CASES: readonly (readonly [
    what: string,
    context: (() => string) | undefined,
    dockerfile: string,
    flags: () => readonly string[],
    fault?: RegExp,
  ])[] = [
    ['the main one', bad, 'FROM scratch\nENV A=1\n', () => []],
    ['the main one, which it does', bad, 'FROM scratch\nCOPY . /\n', () => [], UNREADABLE],
    ['a folder', good, 'FROM scratch\nCOPY f /\n', () => ['--build-context', `x=${bad?.()}`]],
    [
      'a folder and the main one',
      bad,
      'FROM scratch\nCOPY --from=x f /\n',
      () => ['--build-context', `x=${good?.()}`],
    ],
    [
      'a folder of a stage that the target does not need',
      good,
      'FROM scratch AS one\nCOPY --from=x . /\nFROM scratch\nCOPY f /\n',
      () => ['--build-context', `x=${bad?.()}`],
    ],
    [
      'a folder of a stage, which the target does need',
      good,
      'FROM scratch AS one\nCOPY --from=x . /\nFROM scratch\nCOPY f /\n',
      () => ['--build-context', `x=${bad?.()}`, '--target', 'one'],
      UNREADABLE,
    ],
    [
      'a folder that a trigger needs',
      good,
      'FROM hooked\n',
      () => ['--build-context', `x=${bad?.()}`],
      UNREADABLE,
    ],
    [
      'an image layout',
      good,
      'FROM scratch\nCOPY f /\n',
      () => ['--build-context', 'x=oci-layout://../layout'],
    ],
    [
      'an image layout, which it does',
      good,
      'FROM x\n',
      () => ['--build-context', 'x=oci-layout://../layout'],
      /./,
    ],
  ];
  for (const [what, context, dockerfile, flags, fault] of CASES) {
    it(what, async () => {
      const { status, stderr } = await build(context?.() ?? '', dockerfile, flags());
      assert.equal(status, fault === undefined ? 0 : 1, stderr);
      if (fault !== undefined) assert.match(stderr, fault);
    });
  }

  it('and sends those it needs beside an image in a layout', async () => {
    const whole = writeProject({ name: 'used', dockerfile: '', files: imageLayout('../layout') });
    try {
      const flags = ['--build-context', 'x=oci-layout://../layout:other', '--build-context', `y=${good?.()}`];
      const dockerfile = 'FROM x\nCOPY --from=y f /f\n';
      const args = ['build', ...flags, '-t', 'both', '-f', '-', folder];
      const { status, stderr } = await runNaru(engine.host, args, { input: dockerfile, cwd: whole.cwd });
      assert.equal(status, 0, stderr);
    } finally {
      whole.remove();
    }
  });
});

describe('naru build that is interrupted while it reads a context', function () {
  this.timeout(60_000);
  let engine: EngineUnderTest;
  let folder = '';

  before(async function () {
    requireRoot(this);
    engine = await startEngine();
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'naru-huge-')));
    writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY . /\n');
    // All holes: nothing on disk, and minutes to read.
    writeFileSync(join(folder, 'huge'), '');
    truncateSync(join(folder, 'huge'), 256 * 1024 ** 3);
  });
  after(async () => {
    await engine?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [name, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`says how far it is, and ends with ${status} at ${name}`, async () => {
      const terminal = { columns: 100, rows: 20 };
      const naru = startNaru(engine.host, ['build', folder], { terminal });
      try {
        await until('its progress', () =>
          /reading what changed: \d of 2 files, [\d.]+[MG]B of 275GB/.test(naru.stderr()),
        );
      } finally {
        naru.interrupt(name);
      }
      assert.equal((await naru.result).status, status);
    });
  }
});
