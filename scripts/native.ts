/**
 * `node scripts/native.ts [--arch x64|arm64] [--print-dir]`: makes sure the native tools of the engine are built.
 * They are cached outside the work tree by the id of their recipe; progress goes to stderr, with --print-dir the folder to stdout.
 */

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { NaruError } from '../core/errors.ts';
import {
  isNativeDirComplete,
  nativeArch,
  nativeCacheDir,
  nativeCacheRoot,
} from '../runtime/native/locate.ts';
import type { NativeArch } from '../runtime/native/recipe.ts';
import { buildNativeTools } from './native/build.ts';

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { arch: { type: 'string' }, 'print-dir': { type: 'boolean' }, locked: { type: 'boolean' } },
  });
  try {
    const arch = parseArch(values.arch);
    const dir = nativeCacheDir({ env: process.env, arch });
    if (!isNativeDirComplete(dir)) {
      if (values.locked !== true) return runLocked();
      await buildNativeTools(arch, progress());
    }
    console.error(`native tools: ${dir}`);
    if (values['print-dir'] === true) console.log(dir);
    return 0;
  } catch (error) {
    if (!(error instanceof NaruError)) throw error;
    console.error(`native tools: ${error.message}`);
    if (error.hint !== undefined) console.error(`  ${error.hint}`);
    return 1;
  }
}

function parseArch(text: string | undefined): NativeArch {
  if (text === undefined) return nativeArch();
  if (text === 'x64' || text === 'arm64') return text;
  throw new NaruError('invalid-argument', 'E_ARCH', `--arch is x64 or arm64, not ${text}`);
}

/** Runs this script again under a lock that the kernel drops with the process, so that two builds never meet. */
function runLocked(): number {
  const cacheRoot = nativeCacheRoot(process.env);
  mkdirSync(cacheRoot, { recursive: true });
  const self = [process.execPath, import.meta.filename, ...process.argv.slice(2), '--locked'];
  const result = spawnSync('flock', [join(cacheRoot, 'lock'), ...self], { stdio: 'inherit' });
  if (result.error !== undefined)
    throw new NaruError('unavailable', 'E_FLOCK', 'cannot run flock (util-linux)');
  return result.status ?? 1;
}

function progress(): (line: string) => void {
  const startedAt = Date.now();
  return (line) => console.error(`[${Math.round((Date.now() - startedAt) / 1000)}s] ${line}`);
}
