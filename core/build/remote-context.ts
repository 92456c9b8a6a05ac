/** A build's main context that is an address: what is fetched, and the operations that make its files. */

import type { Digest } from '../oci/digest.ts';

import type { CopyOp, GitOp, HttpOp, VertexId } from './ops.ts';
import type { GitSource, HttpSource } from './remote-source.ts';

export type RemoteContext =
  | {
      readonly kind: 'git';
      readonly remote: string;
      /** '' is the repository's HEAD. */
      readonly ref: string;
      /** What `ref` stands for; absent until somebody asked. */
      readonly commit?: string;
      /** The commit, or its beginning, that `ref` must stand for. */
      readonly checksum?: string;
      readonly subdirectory: string;
      readonly keepsGitDirectory: boolean;
    }
  | {
      readonly kind: 'http';
      readonly url: string;
      /** Of the bytes; absent until they were fetched. */
      readonly checksum?: Digest;
      /** A tar archive, compressed or not: its files are the context. Otherwise the file itself is, and the Dockerfile as well. */
      readonly isArchive: boolean;
    };

/** Name of the one file that a download is; BuildKit's, so that COPY finds it. */
export const DOWNLOADED_NAME = 'context';

/** Not yet asked for. */
export function remoteContextOf(
  source: GitSource | HttpSource,
  buildArgs: ReadonlyMap<string, string>,
): RemoteContext {
  if (source.kind === 'http') return { kind: 'http', url: source.url, isArchive: false };
  return { ...source, keepsGitDirectory: keepsGitDirectory(buildArgs) || source.keepsGitDirectory === true };
}

/** Adds the operations by `add`, each on no filesystem, and answers the one whose files are the context. */
export function addContextOps(
  context: RemoteContext,
  add: (op: GitOp | HttpOp | CopyOp) => VertexId,
): VertexId {
  if (context.kind === 'git') return add(context);
  const checksum = context.checksum === undefined ? {} : { checksum: context.checksum };
  const file = add({ kind: 'http', url: context.url, fileName: DOWNLOADED_NAME, ...checksum });
  return context.isArchive ? add(unpackOp(file)) : file;
}

/** BUILDKIT_CONTEXT_KEEP_GIT_DIR: whether a repository that is the context keeps its `.git`. */
function keepsGitDirectory(buildArgs: ReadonlyMap<string, string>): boolean {
  return ['1', 't', 'true'].includes((buildArgs.get('BUILDKIT_CONTEXT_KEEP_GIT_DIR') ?? '').toLowerCase());
}

function unpackOp(file: VertexId): CopyOp {
  return {
    kind: 'copy',
    instruction: 'ADD',
    from: { kind: 'vertex', vertex: file },
    sources: [{ kind: 'path', path: DOWNLOADED_NAME }],
    destination: '/',
    isDestinationDirectory: true,
    excludes: [],
    keepsParents: false,
    isLink: false,
    unpacks: true,
  };
}
