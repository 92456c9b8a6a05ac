/**
 * Node 24 for the engine, fetched on first use: VS Code's own Node may be older, and the package does not carry one.
 * It is the npm package `node-linux-<arch>`, pinned by version and digest; kept in the user's cache, where targets look for it.
 * Offline, the file can be put there by hand, or named by NARU_ENGINE_NODE.
 */

import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

import { NaruError } from '../../../core/errors.ts';
import { makeFolder } from '../../../local/make-folder.ts';
import { readTar } from '../../../local/tar/reader.ts';

type Arch = 'x64' | 'arm64';
type Environment = Readonly<Record<string, string | undefined>>;

/** As in package-lock.json; test/tidy compares the two. */
export const ENGINE_NODE_VERSION = '24.21.0';
const INTEGRITY: Readonly<Record<Arch, string>> = {
  x64: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  arm64: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
};

export interface FetchNodeOptions {
  readonly env: Environment;
  readonly onProgress?: (text: string) => void;
  readonly signal?: AbortSignal;
  /** Replaces the pinned digest, for tests. */
  readonly integrity?: string;
}

/** Where the fetched Node is, or would be. */
export function engineNodePath(env: Environment, arch: Arch): string {
  const cache = env['NARU_CACHE'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'naru');
  return join(cache, 'node', `linux-${arch}`, 'node');
}

/**
 * Absolute path of the fetched Node; fetches it when it is not there yet. `NARU_NPM_REGISTRY` or npm's own setting name another registry.
 *
 * @throws NaruError "unavailable" when the registry can't be reached or sends something else than what is pinned
 */
export async function fetchEngineNode(arch: Arch, options: FetchNodeOptions): Promise<string> {
  const target = engineNodePath(options.env, arch);
  if (existsSync(target)) return target;
  const folder = join(target, '..');
  makeFolder(folder, { hint: 'set XDG_CACHE_HOME to a place that can be written to' });
  const staging = await mkdtemp(join(folder, '.fetching-'));
  try {
    const file = join(staging, 'node');
    await download(packageUrl(arch, options.env), options.integrity ?? INTEGRITY[arch], file, options);
    await chmod(file, 0o755);
    // Two windows may fetch at once: each renames a whole file, and the last one wins.
    await rename(file, target);
    return target;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

function packageUrl(arch: Arch, env: Environment): string {
  const registry = env['NARU_NPM_REGISTRY'] ?? env['npm_config_registry'] ?? 'https://registry.npmjs.org';
  const name = `node-linux-${arch}`;
  return `${registry.replace(/\/+$/, '')}/${name}/-/${name}-${ENGINE_NODE_VERSION}.tgz`;
}

/** Writes `bin/node` of the package to `file`; throws unless every byte of the package is as pinned. */
async function download(
  url: string,
  integrity: string,
  file: string,
  options: FetchNodeOptions,
): Promise<void> {
  const response = await fetch(url, options.signal === undefined ? {} : { signal: options.signal }).catch(
    (cause: unknown) => {
      throw unavailable(`cannot fetch Node for the engine from ${url}`, cause);
    },
  );
  if (!response.ok || response.body === null) {
    throw unavailable(`cannot fetch Node for the engine: ${url} answered ${response.status}`);
  }
  const total = Number(response.headers.get('content-length') ?? 0);
  const hash = createHash('sha512');
  const unpacked = createGunzip();
  // The two ends run beside each other: a failure of either ends both.
  const reading = pipeline(measured(response.body, total, hash, options), unpacked);
  await Promise.all([reading, writeProgram(unpacked, file)]).catch((cause: unknown) => {
    throw cause instanceof NaruError ? cause : unavailable(`fetching Node from ${url} broke off`, cause);
  });
  if (`sha512-${hash.digest('base64')}` !== integrity) {
    throw unavailable(`${url} is not the Node that Naru expects`);
  }
}

async function* measured(
  body: AsyncIterable<Uint8Array>,
  total: number,
  hash: ReturnType<typeof createHash>,
  { onProgress }: FetchNodeOptions,
): AsyncGenerator<Uint8Array, void, void> {
  let received = 0;
  for await (const chunk of body) {
    received += chunk.length;
    hash.update(chunk);
    const percent =
      total > 0 ? `${Math.floor((100 * received) / total)} %` : `${(received / 1e6).toFixed(0)} MB`;
    onProgress?.(`fetching Node ${ENGINE_NODE_VERSION} for the engine: ${percent}`);
    yield chunk;
  }
}

async function writeProgram(archive: AsyncIterable<Uint8Array>, file: string): Promise<void> {
  let isFound = false;
  for await (const { entry, content } of readTar(archive)) {
    if (entry.path !== 'package/bin/node') continue;
    isFound = true;
    await pipeline(Readable.from(content), createWriteStream(file));
  }
  if (!isFound) throw unavailable('the package of Node has no bin/node');
}

function unavailable(message: string, cause?: unknown): NaruError {
  return new NaruError('unavailable', 'E_ENGINE_NODE', message, {
    hint: 'behind a proxy or offline: put a Node 24 somewhere and name it in NARU_ENGINE_NODE',
    ...(cause === undefined ? {} : { cause }),
  });
}
