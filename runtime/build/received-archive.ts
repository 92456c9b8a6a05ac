/** A context that a client hands over as one archive: kept in the cache as if it had been downloaded, under its digest. */

import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { recordExecution } from '../../core/build/record.ts';
import { DOWNLOADED_NAME, type RemoteContext } from '../../core/build/remote-context.ts';
import { preparePlan } from '../../core/build/requests.ts';
import { NaruError } from '../../core/errors.ts';
import { type Digest, digestOfHash } from '../../core/oci/digest.ts';
import { lutimens } from '../host/syscalls.ts';
import type { BuildParts } from './build-parts.ts';
import type { CacheView } from './cache-store.ts';
import { planOf } from './remote-context.ts';
import { Workspace } from './workspace.ts';

/** Reads `body` to its end and answers the digest of its bytes. */
export async function receiveArchive(
  parts: BuildParts,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<Digest> {
  const began = performance.now();
  const cache = parts.cache.openBuild(`archive ${randomUUID()}`);
  const workspace = new Workspace(parts.snapshots, (snapshot) => cache.hold(snapshot));
  try {
    const active = await workspace.prepare(undefined);
    const path = join(await workspace.mount(active), DOWNLOADED_NAME);
    const hash = createHash('sha256');
    async function* hashed(): AsyncGenerator<Uint8Array, void, void> {
      for await (const chunk of body) {
        hash.update(chunk);
        yield chunk;
      }
    }
    await pipeline(hashed, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal });
    lutimens(path, 0n);
    const checksum = digestOfHash(hash);
    await keep(
      parts,
      cache,
      { kind: 'http', url: '', checksum, isArchive: false },
      await workspace.commit(active),
      began,
    );
    return checksum;
  } finally {
    await workspace.close();
    cache.close();
  }
}

async function keep(
  parts: BuildParts,
  cache: CacheView,
  context: RemoteContext,
  result: string,
  began: number,
): Promise<void> {
  const [prepared] = (
    await preparePlan(planOf(context), { project: 'contexts', contexts: () => undefined })
  ).values();
  if (prepared === undefined) throw new NaruError('internal', 'E_PLAN', 'an archive has no step');
  const execution = {
    result,
    seconds: (performance.now() - began) / 1000,
    bytes: await parts.snapshots.usageBytes(result),
    createdAt: new Date().toISOString(),
  };
  const record = await recordExecution(prepared, new Map(), execution, cache.index);
  if (record !== undefined) cache.add(record);
}
