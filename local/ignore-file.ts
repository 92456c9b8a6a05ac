/** The .dockerignore that a build of a Dockerfile would use, for lint. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Of a build with the context `folder`; the specific file wins, as in a build. Where there is none, and something that one is for, it is as if it were empty; undefined otherwise. */
export function ignoreFileOf(dockerfile: string, folder = dirname(dockerfile)): string | undefined {
  const text = textOf(`${dockerfile}.dockerignore`) ?? textOf(join(folder, '.dockerignore'));
  return text ?? (UNWANTED.some((name) => existsSync(join(folder, name))) ? '' : undefined);
}

const UNWANTED: readonly string[] = ['.git', 'node_modules'];

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // most folders have none
  }
}
