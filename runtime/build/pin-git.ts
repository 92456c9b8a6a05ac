/** A git source with its commit: asked for before the cache is, so that an unchanged branch is found there without being fetched. */

import { mkdir } from 'node:fs/promises';

import { sourceKey } from '../../core/build/cache-key.ts';
import type { CacheIndex } from '../../core/build/cache-record.ts';
import type { GitOp } from '../../core/build/ops.ts';
import { isCommit } from '../../core/build/remote-source.ts';
import { NaruError } from '../../core/errors.ts';
import { resolveRef } from './git/refs.ts';
import { withAgentSocket } from './ssh/agent-socket.ts';
import type { OpenAgent } from './ssh/agent-streams.ts';

export interface GitAsking {
  readonly runDir: string;
  /** git works in it; made when missing. */
  readonly folder: string;
  readonly agent: OpenAgent | undefined;
  readonly signal: AbortSignal;
}

/** The same with `commit`. A checksum that is a whole commit and in the cache needs nobody to be asked. @throws NaruError in BuildKit's words when it cannot be read or is another commit */
export async function pinGit(
  op: Omit<GitOp, 'kind'>,
  asking: GitAsking,
  index: Pick<CacheIndex, 'find'>,
): Promise<GitOp> {
  const { checksum } = op;
  if (op.commit !== undefined) return { ...op, kind: 'git' };
  if (checksum !== undefined && isCommit(checksum)) {
    const pinned: GitOp = { ...op, kind: 'git', commit: checksum };
    if ((await index.find([sourceKey(pinned)])) !== undefined) return pinned;
  }
  const { agent, folder, runDir, signal } = asking;
  await mkdir(folder, { recursive: true });
  const commit = await withAgentSocket(agent, runDir, (agentSocket) =>
    resolveRef(op, folder, { agentSocket, signal }),
  );
  if (checksum === undefined || commit.startsWith(checksum)) return { ...op, kind: 'git', commit };
  const message = `expected checksum to match ${checksum}, got ${commit}`;
  throw new NaruError('invalid-argument', 'E_CHECKSUM', message);
}
