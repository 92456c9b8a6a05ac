/** Fetches a package of the lockfile that npm does not install on this machine, because it is meant for another architecture. */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface LockedPackage {
  readonly version: string;
  readonly integrity: string;
}

/** Answers a new folder with the package's files, which the caller removes. Throws when the bytes are not those of the lockfile. */
export function fetchLockedPackage(root: string, name: string): string {
  const { version, integrity } = lockedPackage(root, name);
  const scratch = mkdtempSync(join(tmpdir(), 'naru-package-'));
  const outcome = spawnSync('npm', ['pack', '--silent', '--ignore-scripts', `${name}@${version}`], {
    cwd: scratch,
    encoding: 'utf8',
  });
  const tarball = readdirSync(scratch).find((file) => file.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(`npm pack ${name}@${version} failed\n${outcome.stderr}`);
  const digest = createHash('sha512')
    .update(readFileSync(join(scratch, tarball)))
    .digest('base64');
  if (`sha512-${digest}` !== integrity) throw new Error(`${name}@${version} is not what the lockfile pins`);
  spawnSync('tar', ['-xzf', tarball], { cwd: scratch });
  const folder = `${scratch}-files`;
  renameSync(join(scratch, 'package'), folder);
  rmSync(scratch, { recursive: true });
  return folder;
}

function lockedPackage(root: string, name: string): LockedPackage {
  // npm writes the lockfile; a missing entry is the only thing that can be wrong with it.
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage | undefined>;
  };
  const locked = lock.packages[`node_modules/${name}`];
  if (locked === undefined) throw new Error(`${name} is not in package-lock.json`);
  return locked;
}
