/** The packaged extension, made once for a test run, and a folder for a test's files. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** A new folder of that name with the given files; `removeWorkspace` removes it. */
export function makeWorkspace(files: Readonly<Record<string, string>>, name = 'app'): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'naru-workspace-')), name);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export function removeWorkspace(folder: string): void {
  rmSync(dirname(folder), { recursive: true, force: true });
}
