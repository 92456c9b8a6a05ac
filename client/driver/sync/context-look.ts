/** A build context at one moment, looked at as far as it takes: whether it was sent in this state before, else its manifest. */

import type { DigestOptions, FileEntry, ReadProgress, TreeScan } from '../../../core/context/file-tree.ts';
import type { Digest } from '../../../core/oci/digest.ts';
import type { ManifestEntry } from '../../../core/protocol/context-sync.ts';
import type { ContextSource } from './context-source.ts';

export interface LookOptions {
  /** What to look at; default: the whole tree. */
  readonly listEntries?: () => Promise<readonly FileEntry[]>;
  readonly signal?: AbortSignal;
  readonly onLookProgress?: (nEntries: number) => void;
  readonly onReadProgress?: (progress: ReadProgress) => void;
}

export interface ContextLook {
  /** Under which the same state was sent before; undefined when none is known. */
  readonly knownId: string | undefined;
  readonly nEntries: number;
  /** Reads what has to be read. To be called once. */
  manifest(): Promise<readonly ManifestEntry[]>;
  /** The manifest was sent: the same state is known by this id from now on, if it can be told again. */
  learn(id: string): Promise<void>;
}

/** @throws NaruError "forbidden" for what cannot be read, "cancelled" when the signal aborts */
export async function lookAtContext(source: ContextSource, options: LookOptions): Promise<ContextLook> {
  const { signal, onLookProgress, onReadProgress } = options;
  const { known, tree } = source;
  if (options.listEntries === undefined && tree.scan !== undefined) {
    const asked = signal === undefined ? {} : { signal };
    const scan = await tree.scan({
      ...asked,
      ...(onLookProgress === undefined ? {} : { onProgress: onLookProgress }),
    });
    const read = onReadProgress === undefined ? {} : { onProgress: onReadProgress };
    return lookAtScan(scan, known, { ...asked, ...read });
  }
  const listed =
    (await options.listEntries?.()) ?? (await tree.walk('', signal === undefined ? {} : { signal }));
  return {
    knownId: undefined,
    nEntries: listed.length,
    manifest: async () => {
      const files = listed.filter(({ kind }) => kind === 'file').map(({ path }) => path);
      const digests = await tree.digests(files, signal);
      const byPath = new Map(files.map((path, index) => [path, digests[index]]));
      return withDigests(
        listed,
        listed.map(({ path }) => byPath.get(path)),
      );
    },
    learn: async () => undefined,
  };
}

function lookAtScan(scan: TreeScan, known: ContextSource['known'], options: DigestOptions): ContextLook {
  const fingerprint = known === undefined ? undefined : scan.fingerprint();
  let isSettled = false;
  return {
    knownId: fingerprint === undefined ? undefined : known?.find(fingerprint),
    nEntries: scan.nEntries,
    manifest: async () => {
      const read = await scan.digests(options);
      isSettled = read.isSettled;
      return withDigests(scan.entries, read.digests);
    },
    learn: async (id) => {
      if (isSettled && fingerprint !== undefined) await known?.add(fingerprint, id);
    },
  };
}

/** Without files that are gone since they were listed. */
function withDigests(
  listed: readonly FileEntry[],
  digests: readonly (Digest | undefined)[],
): readonly ManifestEntry[] {
  const entries: ManifestEntry[] = [];
  for (const [index, entry] of listed.entries()) {
    const digest = digests[index];
    if (entry.kind !== 'file') entries.push({ entry });
    else if (digest !== undefined) entries.push({ entry, digest });
  }
  return entries;
}
