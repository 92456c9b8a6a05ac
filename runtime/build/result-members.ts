/** The files of a build's result as tar members, read from its layers where they lie. */

import type { TarEntry } from '../../core/tar/entry.ts';
import type { NewTarMember } from '../../local/tar/writer.ts';
import { fileMember } from '../snapshots/disk-member.ts';
import type { LayeredTree } from '../snapshots/merged-tree.ts';

/** Without the root itself, siblings in byte order; a second name of a file is a hard link to the first. Sockets are left out. */
export async function* resultMembers(
  tree: LayeredTree,
  signal: AbortSignal,
): AsyncGenerator<NewTarMember, void, undefined> {
  const firsts = new Map<string, string>();
  for (const { kind, ...rest } of await tree.walk('', { signal })) {
    if (rest.path === '' || kind === 'socket') continue;
    const entry: TarEntry = { ...rest, kind };
    const file = kind === 'file' ? tree.layerFile(rest.path) : undefined;
    if (file === undefined) {
      yield { entry };
      continue;
    }
    // Within a layer alone, since no name of an image is linked into it from elsewhere (docs/decisions/0050).
    const inode = `${file.layer} ${file.inode}`;
    const first = firsts.get(inode);
    if (first !== undefined) {
      const { xattrs: _, ...link } = entry;
      yield { entry: { ...link, kind: 'hardlink', sizeBytes: 0, linkTarget: first } };
      continue;
    }
    if (Number.isSafeInteger(file.inode)) firsts.set(inode, rest.path);
    yield* fileMember(file.path, entry);
  }
}
