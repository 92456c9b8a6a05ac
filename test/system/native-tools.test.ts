/** The bundled native programs need nothing of the machine: each answers in a root that holds only itself. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { locateNativeTools, nativeArch } from '../../runtime/native/locate.ts';
import { NATIVE_TOOL_NAMES, type NativeToolName } from '../../runtime/native/recipe.ts';
import { requireRoot } from '../support/skip.ts';

const EXPECTED: Readonly<Record<NativeToolName, RegExp>> = {
  crun: /^crun version \d+\.\d+[^]*\+SECCOMP/,
  conmon: /^conmon version \d+\.\d+/,
  // pasta leaves without flushing, so into a pipe it prints nothing; its exit status is what counts.
  pasta: /^(pasta \d{4}_|$)/,
  tini: /^tini version \d+\.\d+/,
};

describe('native tools', () => {
  before(function () {
    requireRoot(this);
    this.timeout(600_000);
    const script = join(import.meta.dirname, '../../scripts/native.ts');
    const { status } = spawnSync(process.execPath, [script], { stdio: ['ignore', 'inherit', 'inherit'] });
    assert.equal(status, 0, 'scripts/native.ts failed');
  });

  for (const name of NATIVE_TOOL_NAMES) {
    it(`${name} runs in an empty root`, () => {
      const tools = locateNativeTools({ env: process.env, programDir: '/nonexistent', arch: nativeArch() });
      assert.match(versionInEmptyRoot(name, tools[name]), EXPECTED[name]);
    });
  }
});

/** A mount namespace of its own: the /proc that crun and pasta need goes away with the process. */
function versionInEmptyRoot(name: NativeToolName, program: string): string {
  const root = mkdtempSync(join(tmpdir(), 'naru-native-'));
  try {
    mkdirSync(join(root, 'proc'));
    copyFileSync(program, join(root, name));
    const args = ['--mount', '--pid', '--fork', `--root=${root}`, '--mount-proc', `/${name}`, '--version'];
    const { stdout, stderr, status } = spawnSync('unshare', args, { encoding: 'utf8', env: {} });
    assert.equal(status, 0, stderr);
    return stdout;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
