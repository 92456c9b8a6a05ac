/** DL3010: an archive is copied and unpacked by a later RUN. */

import type { CopyInstruction } from '../../dockerfile/types.ts';
import type { Span } from '../../source.ts';
import { archiveName, isArchive } from '../archives.ts';
import type { Rule } from '../rule.ts';

export const DL3010: Rule = {
  id: 'DL3010',
  family: 'hadolint',
  severity: 'info',
  message: 'use ADD, which unpacks archives',
  why: 'COPY keeps the archive in a layer although only its content is wanted. ADD unpacks tar archives of the build context while it copies them.',
  examples: {
    bad: ['FROM debian:12\nCOPY app.tar /opt/\nRUN tar -xf /opt/app.tar -C /opt'],
    good: ['FROM debian:12\nADD app.tar /opt/'],
  },
  check({ instructions, shellOf }, report) {
    let copied = new Map<string, Span[]>();
    for (const { instruction } of instructions('FROM', 'COPY', 'RUN')) {
      if (instruction.name === 'FROM') copied = new Map();
      if (instruction.name === 'COPY') {
        for (const { name, span } of archivesOf(instruction))
          copied.set(name, [...(copied.get(name) ?? []), span]);
      }
      if (instruction.name !== 'RUN' || copied.size === 0) continue;
      for (const { name, args } of shellOf(instruction).commands) {
        const words = args.map(({ value }) => value);
        if (!isExtraction(name.value, words)) continue;
        for (const unpacked of new Set(words.map(archiveName))) {
          for (const span of copied.get(unpacked) ?? []) report({ span });
          copied.delete(unpacked);
        }
      }
    }
  },
};

interface CopiedArchive {
  readonly name: string;
  readonly span: Span;
}

/** The names under which archives land: that of the destination when it is one, else those of the sources. */
function archivesOf(copy: CopyInstruction): readonly CopiedArchive[] {
  if (copy.flags.some(({ name }) => name === 'from')) return [];
  const { destination, sources } = copy;
  const words = destination !== undefined && isArchive(destination.text) ? [destination] : sources;
  return words
    .filter(({ text }) => isArchive(text))
    .map(({ text, span }) => ({ name: archiveName(text), span }));
}

const UNPACKERS: ReadonlySet<string> = new Set([
  'bunzip2',
  'gunzip',
  'gzcat',
  'uncompress',
  'unlzma',
  'unxz',
  'unzip',
  'zcat',
  'zgz',
]);

function isExtraction(command: string, args: readonly string[]): boolean {
  if (UNPACKERS.has(command)) return true;
  return command === 'tar' && args.some((arg) => /^(?:--extract|--get|-(?!-).*x.*)$/.test(arg));
}
