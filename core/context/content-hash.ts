/**
 * The content roots of a selection: what lands in the image, in a canonical form, as two digests.
 * *sel* leaves modification times out (COPY, bind mounts), *diff* keeps them (early cut-off).
 * Names of sources, spelling of patterns and modes that --chmod overwrites are not in it: they do not reach the image.
 */

import { createHash } from 'node:crypto';

import { NaruError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import type { ModeChange } from './chmod.ts';
import type { FileEntry, FileTree } from './file-tree.ts';
import type { SelectedEntry, Selection } from './selection.ts';

/** Part of every content root: a change of the encoding changes all of them. */
export const CONTENT_VERSION = 'naru.content.v1';

export interface DigestedEntry extends SelectedEntry {
  /** Of the content; regular files only. */
  readonly digest?: Digest;
}

export interface DigestedSelection extends Selection {
  readonly entries: readonly DigestedEntry[];
}

/** What COPY does to entries on their way. */
export interface ContentTransform {
  /** `--chown`, resolved; absent: owners stay. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** `--chmod`; absent: modes stay. Symlinks keep theirs. */
  readonly chmod?: ModeChange;
}

export interface ContentRoots {
  readonly sel: Digest;
  readonly diff: Digest;
}

/**
 * Adds the digests of regular files, asked for in one go.
 *
 * @throws NaruError "not-found" for a file that vanished since it was selected
 */
export async function digestSelection(
  tree: FileTree,
  selection: Selection,
  signal?: AbortSignal,
): Promise<DigestedSelection> {
  const files = selection.entries.filter(({ entry }) => entry.kind === 'file');
  const digests = await tree.digests(
    files.map(({ entry }) => entry.path),
    signal,
  );
  const byEntry = new Map<SelectedEntry, Digest>();
  for (const [index, file] of files.entries()) {
    const digest = digests[index];
    if (digest === undefined) {
      throw new NaruError(
        'not-found',
        'E_FILE_VANISHED',
        `${JSON.stringify(`/${file.entry.path}`)}: not found`,
        {
          hint: 'the file was there when the context was listed; try again',
        },
      );
    }
    byEntry.set(file, digest);
  }
  const entries = selection.entries.map((selected): DigestedEntry => {
    const digest = byEntry.get(selected);
    return digest === undefined ? selected : { ...selected, digest };
  });
  return { ...selection, entries };
}

/** Both content roots. Pure: equal selections give equal roots on every platform and in every version with the same CONTENT_VERSION. */
export function contentRoots(selection: DigestedSelection, transform: ContentTransform = {}): ContentRoots {
  const sel = new FieldHash('sel');
  const diff = new FieldHash('diff');
  const head = [
    selection.landing,
    selection.lastNamed ?? '',
    selection.directory === undefined ? '' : 'directory',
  ];
  for (const hash of [sel, diff]) hash.add(head);
  for (const selected of selection.entries) {
    const fields = entryFields(selected, transform);
    sel.add(fields);
    diff.add(fields);
    diff.add([selected.entry.mtimeNs.toString()]);
  }
  return { sel: sel.digest(), diff: diff.digest() };
}

/** Mode and owner an entry has once it landed. */
export function landedOwnership(
  entry: FileEntry,
  transform: ContentTransform,
): { readonly mode: number; readonly uid: number; readonly gid: number } {
  const { uid, gid } = transform.owner ?? entry;
  const isLink = entry.kind === 'symlink';
  const mode = isLink ? 0o777 : (transform.chmod?.(entry.mode, entry.kind === 'dir') ?? entry.mode);
  return { mode, uid, gid };
}

function entryFields(selected: DigestedEntry, transform: ContentTransform): readonly string[] {
  const { entry } = selected;
  const { mode, uid, gid } = landedOwnership(entry, transform);
  const fields = [selected.destination, entry.kind, mode.toString(8), `${uid}:${gid}`];
  fields.push(selected.digest ?? entry.linkTarget ?? '');
  fields.push(entry.device === undefined ? '' : `${entry.device.major}:${entry.device.minor}`);
  const xattrs = Array.from(entry.xattrs ?? []).sort(([left], [right]) => (left < right ? -1 : 1));
  fields.push(String(xattrs.length));
  for (const [name, value] of xattrs) fields.push(name, Buffer.from(value).toString('hex'));
  return fields;
}

/** Hashes lists of texts so that no two lists of lists look alike: each has its length before it. */
class FieldHash {
  readonly #hash = createHash('sha256');
  #pending: string;

  constructor(purpose: string) {
    this.#pending = `${CONTENT_VERSION}\n${purpose}\n`;
  }

  add(fields: readonly string[]): void {
    let text = `${fields.length}[`;
    for (const field of fields) text += `${field.length}:${field}`;
    this.#pending += text;
    if (this.#pending.length > 65_536) this.#flush();
  }

  digest(): Digest {
    this.#flush();
    return `sha256:${this.#hash.digest('hex')}` as Digest; // made to the type's shape
  }

  #flush(): void {
    this.#hash.update(this.#pending, 'utf8');
    this.#pending = '';
  }
}
