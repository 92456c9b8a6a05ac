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
  check({ placed, shellOf }, report) {
    let copied: CopiedArchive[] = [];
    const reported = new Set<CopiedArchive>();
    for (const { instruction } of placed) {
      if (instruction.name === 'FROM') copied = [];
      if (instruction.name === 'COPY') copied.push(...archivesOf(instruction));
      if (instruction.name !== 'RUN') continue;
      for (const { name, args } of shellOf(instruction).commands) {
        if (
          !isExtraction(
            name.value,
            args.map(({ value }) => value),
          )
        )
          continue;
        const names = new Set(args.map(({ value }) => archiveName(value)));
        for (const archive of copied) {
          if (!names.has(archive.name) || reported.has(archive)) continue;
          reported.add(archive);
          report({ span: archive.span });
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
