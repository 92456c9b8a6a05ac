/** The packaged extension, made once for a test run, and a folder for a test's files. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');

/** Makes the .vsix of this checkout, for this architecture only, and answers its path. */
export function packageExtension(): string {
  execFileSync(process.execPath, [join(ROOT, 'scripts/package.ts'), '--x64-only'], { stdio: 'pipe' });
  // Ours, checked by test/tidy.
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return join(ROOT, `naru-${version}.vsix`);
}

/** A new folder with the given files; the caller removes it. */
export function makeWorkspace(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'naru-workspace-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}
