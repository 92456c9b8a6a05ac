/**
 * The sha256 of files that rarely change, kept over commands: those that a host gets are 150 MB, and every command over SSH asks for them.
 * A file is the same while its inode, size, mtime and ctime are; ctime is nothing that a program can set.
 */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';

export interface FileDigests {
  /** 64 hex characters. @throws Error ENOENT when it is missing */
  readonly of: (path: string) => Promise<string>;
  /** Writes down what is new. Without a place to write to, the next command reads the files again. */
  readonly save: () => Promise<void>;
}

/** `[signature, digest]` by path. */
type Entries = Record<string, readonly [signature: string, digest: string]>;

/** `file` need not exist; one that cannot be read counts as empty. */
export async function openFileDigests(file: string): Promise<FileDigests> {
  const entries = await readEntries(file);
  let isChanged = false;
  return {
    async of(path) {
      const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
      const signature = [ino, size, mtimeNs, ctimeNs].join(' ');
      const [known, digest] = entries[path] ?? [];
      if (known === signature && digest !== undefined) return digest;
      const content = createHash('sha256');
      await pipeline(createReadStream(path), content);
      const fresh = content.digest('hex');
      entries[path] = [signature, fresh];
      isChanged = true;
      return fresh;
    },
    async save() {
      if (isChanged) await writeEntries(file, entries).catch(() => undefined);
    },
  };
}

async function readEntries(file: string): Promise<Entries> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    return Object.fromEntries(Object.entries(value ?? {}).filter(([, entry]) => isEntry(entry))) as Entries; // just looked at
  } catch {
    return {};
  }
}

function isEntry(entry: unknown): boolean {
  return Array.isArray(entry) && typeof entry[0] === 'string' && /^[0-9a-f]{64}$/.test(String(entry[1]));
}

async function writeEntries(file: string, entries: Entries): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, JSON.stringify(entries), { mode: 0o600 });
  await rename(fresh, file);
}
