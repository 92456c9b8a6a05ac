/**
 * Where the engine's bundle and a Node that can run it are.
 * The CLI and the editor may run on an older Node than the engine needs (24), so both are looked for.
 */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { NaruError } from '../../../../core/errors.ts';
import { engineNodePath, fetchEngineNode, type FetchNodeOptions } from '../../node/engine-node.ts';

export interface EngineProgram {
  /** Absolute path of a Node 24 or newer. */
  readonly node: string;
  /** Absolute path of the engine's bundle. */
  readonly script: string;
}

/**
 * Looks at NARU_ENGINE_NODE, the running Node, the one that the checkout's lockfile pins, and the user's cache, in this order.
 *
 * @throws NaruError "unavailable" when the bundle or a Node is missing, with what to do
 */
export function locateEngine(env: Readonly<Record<string, string | undefined>>): EngineProgram {
  const folder = bundleFolder();
  const script = env['NARU_ENGINE'] ?? join(folder, 'engine.cjs');
  if (!existsSync(script)) {
    throw new NaruError('unavailable', 'E_NO_ENGINE', `the engine is not at ${script}`, {
      hint: 'in a checkout, run: npm run build',
    });
  }
  const node = nodeCandidates(env, folder).find((path) => existsSync(path));
  if (node === undefined) {
    throw new NaruError('unavailable', 'E_NO_ENGINE_NODE', 'no Node 24 was found to run the engine', {
      hint: 'set NARU_ENGINE_NODE to one, or run: npm install',
    });
  }
  return { node, script };
}

/** As `locateEngine`; a Node that is missing is fetched first. */
export async function obtainEngine(options: FetchNodeOptions): Promise<EngineProgram> {
  const isThere = nodeCandidates(options.env, bundleFolder()).some((path) => existsSync(path));
  if (!isThere && (process.arch === 'x64' || process.arch === 'arm64')) {
    await fetchEngineNode(process.arch, options);
  }
  return locateEngine(options.env);
}

function nodeCandidates(env: Readonly<Record<string, string | undefined>>, folder: string): string[] {
  const chosen = env['NARU_ENGINE_NODE'];
  if (chosen) return [chosen];
  // Electron's program is an editor, not a Node.
  const isNewEnough = Number(process.versions.node.split('.')[0]) >= 24 && !('electron' in process.versions);
  return [
    ...(isNewEnough ? [process.execPath] : []),
    join(folder, '..', 'node_modules', `node-linux-${process.arch}`, 'bin', 'node'),
    ...(process.arch === 'x64' || process.arch === 'arm64' ? [engineNodePath(env, process.arch)] : []),
  ];
}

/** The folder of the running bundle (`dist/`), or `dist/` of the checkout when run from source. */
export function bundleFolder(): string {
  const here = typeof __dirname === 'string' ? __dirname : dirname(fileURLToPath(import.meta.url));
  return here.endsWith(join('targets', 'local')) ? join(here, '..', '..', '..', '..', 'dist') : here;
}
