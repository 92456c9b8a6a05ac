/** Where the entries of a COPY land: fsutil's rules for the destination, and what happens when two sources meet there. */

import type { Landed } from './contents.ts';
import type { FileEntry } from './file-tree.ts';
import { comparePaths, joinPath } from './paths.ts';
import type { SelectedEntry, Selection, SelectionFault } from './selected.ts';

/** Collects entries source by source, in order; one per COPY. */
export class Landing {
  readonly #destination: string;
  readonly #entries = new Map<string, SelectedEntry>();
  readonly #faults: SelectionFault[] = [];
  #kind: Selection['landing'];
  #directory: FileEntry | undefined;
  #nDirectories = 0;
  #lastNamed: string | undefined;
  #isFileFirst = false;

  constructor(destination: string, isDirectory: boolean | undefined) {
    this.#destination = destination;
    // `/x/` and `/x/.` are made into directories before anything is copied.
    if (isDirectory || /(?:^|\/)\.?$/.test(destination)) this.#kind = 'inside';
    else this.#kind = isDirectory === false ? 'exact' : 'open';
  }

  fault(fault: SelectionFault): void {
    this.#faults.push(fault);
  }

  /** A directory is copied onto the destination, which is a directory from here on. */
  enter(directory: FileEntry): void {
    if (this.#kind === 'exact' && this.#entries.has('')) {
      this.fault({ kind: 'conflict', message: `cannot copy to non-directory: ${this.#destination}` });
    }
    this.#isFileFirst ||= this.#kind === 'open' && this.#entries.size > 0;
    this.#directory = directory;
    this.#nDirectories += 1;
    this.#kind = 'inside';
  }

  /** A file that a source names lands inside a directory, and on anything else. */
  addNamed(name: string, entry: FileEntry, source: string): void {
    this.#lastNamed = name;
    this.#put({ destination: this.#kind === 'exact' ? '' : name, entry, isNamedFile: true }, source);
  }

  add(landed: Landed, source: string): void {
    const { destination, entry } = landed;
    this.#put({ destination, entry, isNamedFile: false, nthDirectory: this.#nDirectories - 1 }, source);
  }

  result(): Omit<Selection, 'unmatched'> {
    const lastNamed = this.#kind === 'open' && this.#entries.size > 1 ? this.#lastNamed : undefined;
    return {
      entries: sortSelected(this.#entries.values()),
      landing: this.#kind,
      ...(lastNamed === undefined ? {} : { lastNamed }),
      ...(this.#isFileFirst ? { isFileFirst: true } : {}),
      ...(this.#directory === undefined ? {} : { directory: this.#directory }),
      faults: this.#faults,
    };
  }

  /** The later one wins, but a directory and something else do not replace each other. */
  #put(selected: SelectedEntry, source: string): void {
    const earlier = this.#entries.get(selected.destination);
    const isDirectory = selected.entry.kind === 'dir';
    if (earlier !== undefined && (earlier.entry.kind === 'dir') !== isDirectory) {
      const path = joinPath(this.#destination.replace(/\/\.?$/, ''), selected.destination);
      const message = isDirectory
        ? `cannot copy to non-directory: ${path}`
        : `cannot replace to directory ${path} with file`;
      this.fault({ kind: 'conflict', message, source });
      return;
    }
    this.#entries.set(selected.destination, selected);
  }
}

export function sortSelected(entries: Iterable<SelectedEntry>): readonly SelectedEntry[] {
  return Array.from(entries).sort((left, right) => comparePaths(left.destination, right.destination));
}
