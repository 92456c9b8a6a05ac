/**
 * Finds on this side what a host needs: the engine's bundle, the native tools and Node for its architecture.
 * In a package they lie beside the running bundle; in a checkout in `dist/`, the build cache and `node_modules/`.
 */

import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { NaruError } from '../../../../core/errors.ts';
import { type Component, type ComponentFile, makeComponent } from './component.ts';
import { openFileDigests } from './file-digests.ts';

export interface PartFolders {
  /** Folder with engine.cjs, its workers and koffi/. */
  readonly dist: string;
  /** Folders that may hold crun, conmon, pasta and tini for the architecture, best first. */
  readonly native: readonly string[];
  /** Files that may be a Node 24 for the architecture, best first. */
  readonly node: readonly string[];
  /** File that keeps their digests. */
  readonly digests: string;
}

const NATIVE_TOOLS = ['crun', 'conmon', 'pasta', 'tini'];

/** Where to look, from the folder of the running bundle (`dist/`). */
export function partFolders(
  dist: string,
  arch: 'x64' | 'arm64',
  env: Readonly<Record<string, string | undefined>>,
): PartFolders {
  const cache = env['NARU_CACHE'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'naru');
  const builds = join(cache, 'native');
  const built = existsSync(builds) ? readdirSync(builds).map((id) => join(builds, id, `linux-${arch}`)) : [];
  const ownTools = env['NARU_NATIVE_DIR'];
  return {
    dist,
    digests: join(cache, 'file-digests.json'),
    native: [
      join(dist, 'native', `linux-${arch}`),
      ...(ownTools && arch === process.arch ? [ownTools] : []),
      ...built,
    ],
    node: [
      join(cache, 'node', `linux-${arch}`, 'node'),
      join(dist, '..', 'node_modules', `node-linux-${arch}`, 'bin', 'node'),
      ...(runsHere(arch) ? [process.execPath] : []),
    ],
  };
}

/** @throws NaruError "unavailable" naming the part that is missing and how to get it */
export async function findParts(
  folders: PartFolders,
  arch: 'x64' | 'arm64',
): Promise<Readonly<Record<Component['name'], Component>>> {
  const native = folders.native.find((folder) =>
    NATIVE_TOOLS.every((tool) => existsSync(join(folder, tool))),
  );
  if (!native)
    throw missing(
      `the native tools for linux-${arch}`,
      `in a checkout, run: node scripts/native.ts --arch ${arch}`,
    );
  const node = folders.node.find((file) => existsSync(file));
  if (!node)
    throw missing(`Node 24 for linux-${arch}`, `npm install --force node-linux-${arch}@24 brings it`);
  const engine = engineFiles(folders.dist, arch);
  if (engine.length === 0) throw missing('the engine', 'in a checkout, run: npm run build');
  const digests = await openFileDigests(folders.digests);
  const tools = NATIVE_TOOLS.map((tool) => ({ name: tool, path: join(native, tool), isExecutable: true }));
  const parts = {
    node: await makeComponent('node', [{ name: 'node', path: node, isExecutable: true }], digests),
    native: await makeComponent('native', tools, digests),
    engine: await makeComponent('engine', engine, digests),
  };
  await digests.save();
  return parts;
}

/** The engine's bundle, the workers beside it, and koffi for the architecture. */
function engineFiles(dist: string, arch: 'x64' | 'arm64'): ComponentFile[] {
  if (!existsSync(join(dist, 'engine.cjs'))) return [];
  const names = readdirSync(dist).filter((name) => name === 'engine.cjs' || name.endsWith('-worker.cjs'));
  const koffi = `koffi/linux-${arch}.node`;
  return [...names, ...(existsSync(join(dist, koffi)) ? [koffi] : [])].map((name) => ({
    name,
    path: join(dist, name),
    isExecutable: false,
  }));
}

function runsHere(arch: 'x64' | 'arm64'): boolean {
  return (
    process.platform === 'linux' && process.arch === arch && Number(process.versions.node.split('.')[0]) >= 24
  );
}

function missing(what: string, hint: string): NaruError {
  return new NaruError('unavailable', 'E_NO_PART', `${what} is not there to be sent to the host`, { hint });
}
