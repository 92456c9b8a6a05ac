/** The hook of .pre-commit-hooks.yaml is for the files that `naru lint FOLDER` finds, and starts a command line that exists. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { parse } from 'yaml';

import { filesOf } from '../../../client/cli/lint/inputs.ts';

const PATHS: readonly string[] = [
  'Containerfile',
  'Dockerfile',
  'Dockerfile.J2',
  'Dockerfile.bak',
  'Dockerfile.html',
  'Dockerfile.md',
  'Dockerfile.dev',
  'Dockerfile.dev~',
  'Dockerfile.dockerignore',
  'MyDockerfile',
  'README.md',
  'a/app.Containerfile',
  'a/app.Dockerfile',
  'a/app.containerfile',
  'a/app.dockerfile',
  'a/app.dockerfile.dockerignore',
  'a/b/Containerfile.x.y',
  'dockerfile',
  'dockerfile.dev',
];

describe('the pre-commit hook', () => {
  const file = readFileSync(join(import.meta.dirname, '../../../.pre-commit-hooks.yaml'), 'utf8');
  const [hook] = parse(file) as Record<string, string>[]; // our own file; a wrong one fails below

  it('chooses the files that lint finds below a folder', async () => {
    const root = mkdtempSync(join(tmpdir(), 'naru-hook-'));
    try {
      for (const path of PATHS) {
        mkdirSync(join(root, dirname(path)), { recursive: true });
        writeFileSync(join(root, path), '');
      }
      const found = (await filesOf(root)).map((path) => path.slice(root.length + 1));
      const isWanted = new RegExp(hook?.['files'] ?? '^$');
      const isLeftOut = new RegExp(hook?.['exclude'] ?? '.');
      const chosen = PATHS.filter((path) => isWanted.test(path) && !isLeftOut.test(path));
      assert.deepEqual(chosen, found.toSorted());
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

  it('starts naru lint', () => {
    assert.equal(hook?.['entry'], 'naru lint');
  });
});
