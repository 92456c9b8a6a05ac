/**
 * Small projects whose packages come from Debian's archive and from npm, from inside the build, as they do for everybody.
 * Python in every run; C, several stages and npm (383 Debian packages) in the full run.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { debianArchive } from '../../scripts/base-images.ts';
import { loadIntoNaru } from '../conformance/load-image.ts';
import { type EngineUnderTest, startEngine } from '../support/engine.ts';
import { runNaru } from '../support/naru-cli.ts';
import { requireRoot, skipBecause } from '../support/skip.ts';

/** Debian's file of all certificates. */
const CA = process.env['NODE_EXTRA_CA_CERTS'] ?? '/etc/ssl/certs/ca-certificates.crt';
const PROJECTS = join(import.meta.dirname, 'fixtures/projects');

interface Project {
  readonly name: 'c' | 'python' | 'node' | 'stages';
  /** Words behind the image's name. */
  readonly args?: readonly string[];
  /** What its container prints. */
  readonly prints: string;
}

const PROJECT_TABLE: readonly Project[] = [
  { name: 'python', prints: 'dawn, dusk 65 1000\n' },
  { name: 'c', args: ['a', 'bb', 'cc'], prints: '1: 1\n2: 2\n' },
  { name: 'stages', prints: 'compiled\n' },
  { name: 'node', prints: '172800000\n' },
];
const IN_EVERY_RUN: ReadonlySet<string> = new Set(['python']);

describe('projects with packages', function () {
  this.timeout(900_000);
  let engine: EngineUnderTest;

  before(async function () {
    requireRoot(this);
    engine = await startEngine();
    await loadIntoNaru(engine.socketPath, await debianArchive());
  });
  after(() => engine?.stop());

  async function naru(...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await runNaru(engine.host, args);
    assert.equal(status, 0, stdout.slice(-2000) + stderr.slice(-2000));
    return stdout;
  }

  /** npm in the build trusts and asks whom npm outside it does. */
  function build(name: string): Promise<string> {
    const forNpm = [
      '--build-arg',
      `REGISTRY=${npmRegistry()}`,
      ...(existsSync(CA) ? ['--secret', `id=ca,src=${CA}`] : []),
    ];
    const given = name === 'node' ? forNpm : [];
    return naru('build', '-t', name, '--progress', 'json', ...given, join(PROJECTS, name));
  }

  for (const { name, args = [], prints } of PROJECT_TABLE) {
    it(`${name}: builds, runs, and builds again from the cache`, async function () {
      if (!IN_EVERY_RUN.has(name) && process.env['NARU_TEST_FULL'] !== '1')
        skipBecause(this, 'takes minutes; runs with --full');
      await build(name);
      assert.equal(await naru('run', '--rm', name, ...args), prints);
      const again = states(await build(name));
      assert.deepEqual(
        again.filter((state) => state === 'RUN'),
        [],
      );
      assert.ok(again.includes('CACHED'));
    });
  }
});

/** '' where npm does not say: npm then asks its own. */
function npmRegistry(): string {
  const { status, stdout } = spawnSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
}

/** How each step of a build went. */
function states(events: string): readonly string[] {
  return [...events.matchAll(/"type":"step".*?"state":"(\w+)"/g)].map(([, state]) => state ?? '');
}
