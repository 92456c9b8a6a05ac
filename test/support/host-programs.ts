/** Programs of this machine with the libraries they need, so that a small image can run them. */

import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';

/** Copies them below `folder`, under the paths they have here. */
export function copyPrograms(programs: readonly string[], folder: string): void {
  const files = new Set(programs);
  for (const program of programs) {
    const listing = execFileSync('ldd', [program], { encoding: 'utf8' });
    for (const [, path] of listing.matchAll(/(?:=> |^\s+)(\/\S+)/gm)) if (path !== undefined) files.add(path);
  }
  for (const path of files) {
    const target = join(folder, path);
    fs.mkdirSync(dirname(target), { recursive: true });
    fs.copyFileSync(path, target); // links are followed
    fs.chmodSync(target, 0o755);
  }
}
