/**
 * Fetches the pinned source tarballs from the Debian archive this machine's apt is set up for.
 * apt's own downloader is used, so its proxies and mirrors apply; what arrives is checked against the manifest.
 */

import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';

import { NaruError } from '../../core/errors.ts';
import { exec, execStatus } from '../../runtime/host/exec.ts';
import type { NativeSource, NativeToolRecipe } from '../../runtime/native/recipe.ts';

const APT_HELPER = '/usr/lib/apt/apt-helper';

export interface FetchedSource extends NativeSource {
  readonly file: string;
}

/**
 * Base addresses of the Debian archives, without a slash at the end; `NARU_DEBIAN_MIRROR` goes before apt's own.
 *
 * @throws NaruError kind "unavailable" when apt has none
 */
export async function debianMirrors(): Promise<readonly string[]> {
  const given = process.env['NARU_DEBIAN_MIRROR'];
  const format = '$(ORIGIN) $(REPO_URI)';
  const { stdout } = await exec(['apt-get', 'indextargets', '--format', format]);
  const found = stdout
    .split('\n')
    .filter((line) => line.startsWith('Debian ') && !line.includes('security'))
    .map((line) => line.slice('Debian '.length));
  const all = [...(given === undefined ? [] : [given]), ...found].map((uri) => uri.replace(/\/$/, ''));
  if (all.length > 0) return [...new Set(all)];
  throw new NaruError('unavailable', 'E_NO_DEBIAN_ARCHIVE', 'apt on this machine knows no Debian archive', {
    hint: 'run `apt-get update`, or set NARU_DEBIAN_MIRROR to the address of one',
  });
}

/**
 * The first accepted version of a tool that an archive still serves, kept in `cacheDir` for the next time.
 *
 * @throws NaruError kind "unavailable" when none is served
 */
export async function fetchSource(
  tool: NativeToolRecipe,
  mirrors: readonly string[],
  cacheDir: string,
): Promise<FetchedSource> {
  mkdirSync(cacheDir, { recursive: true });
  for (const source of tool.sources) {
    const file = join(cacheDir, `${source.sha256.slice(0, 12)}-${basename(source.path)}`);
    if (existsSync(file)) return { ...source, file };
    for (const mirror of mirrors) {
      if (await download(mirror, source, file)) return { ...source, file };
    }
  }
  const versions = tool.sources.map((source) => source.version).join(', ');
  throw new NaruError('unavailable', 'E_SOURCE_GONE', `no archive serves ${tool.name} (tried ${versions})`, {
    hint: 'set NARU_DEBIAN_MIRROR to another Debian archive, or add a newer version to runtime/native/manifest.json',
  });
}

/** False when the archive does not have the file; a file with another checksum is as good as none. */
async function download(mirror: string, source: NativeSource, file: string): Promise<boolean> {
  const partial = `${file}.${process.pid}`;
  const address = `${mirror}/${source.path.split('/').map(encodeURIComponent).join('/')}`;
  const argv = [APT_HELPER, '-o', 'Acquire::Retries=3', 'download-file', address, partial];
  const result = await execStatus([...argv, `SHA256:${source.sha256}`], { timeoutMs: 300_000 });
  if (result.exitCode === 0) renameSync(partial, file);
  else rmSync(partial, { force: true });
  return result.exitCode === 0;
}
