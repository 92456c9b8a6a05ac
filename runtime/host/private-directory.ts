/**
 * Directories whose files have owners and modes that mean something inside images only.
 * Whoever has that number on the host could write them, and run what is setuid, so nobody but the engine passes their door.
 */

import * as fs from 'node:fs';

/** Makes it with its parents when it is missing; one of an earlier engine that stands open is closed. */
export function makePrivateDirectory(path: string): void {
  fs.mkdirSync(path, { recursive: true, mode: MODE });
  fs.chmodSync(path, MODE);
}

const MODE = 0o700;
