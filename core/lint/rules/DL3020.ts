/** DL3020: ADD of plain files. */

import type { CopyInstruction, Word } from '../../dockerfile/types.ts';
import { isArchive } from '../archives.ts';
import { unquoted } from '../quotes.ts';
import type { Rule } from '../rule.ts';

export const DL3020: Rule = {
  id: 'DL3020',
  family: 'hadolint',
  severity: 'error',
  naruSeverity: 'warning',
  message: 'use COPY for files and directories',
  why: 'ADD also downloads and unpacks. Where neither is wanted, COPY says so, and a file that happens to be an archive stays what it is. Where a source may be one (a variable, a pattern), the fix is offered only.',
  examples: {
    bad: ['FROM debian:12\nADD app.js /app/'],
    good: [
      'FROM debian:12\nCOPY app.js /app/',
      'FROM debian:12\nADD app.tar.gz /app/',
      'FROM debian:12\nADD https://example.com/app.js /app/',
    ],
  },
  check({ instructions }, report) {
    let hasWorkdir = false;
    for (const { instruction } of instructions('FROM', 'WORKDIR', 'ADD')) {
      if (instruction.name === 'FROM') hasWorkdir = false;
      if (instruction.name === 'WORKDIR') hasWorkdir = true;
      if (instruction.name !== 'ADD') continue;
      const isOnlyPlain = instruction.sources.every((source) => isPlainFile(source, instruction));
      const first = instruction.sources.find((source) => isPlainFile(source, instruction));
      if (first === undefined) continue;
      const { keyword, keywordSpan } = instruction;
      const hasFlags = instruction.flags.every(({ name }) => COPY_FLAGS.has(name));
      const isSafe = isOnlyPlain && hasFlags && isPlainDestination(instruction, hasWorkdir);
      const text = keyword === keyword.toLowerCase() ? 'copy' : 'COPY';
      report({
        span: first.span,
        toolLine: instruction.line,
        ...(isSafe
          ? {
              fix: {
                title: 'Use COPY',
                edits: [{ span: keywordSpan, text }],
                changesPlan: true,
                ...(instruction.sources.some(mayBeArchive) ? { needsReview: true } : {}),
              },
            }
          : {}),
      });
    }
  },
};

const COPY_FLAGS: ReadonlySet<string> = new Set(['chown', 'chmod', 'link', 'exclude']);

/** COPY to it has no faults of its own: a relative path, a file for several sources. */
function isPlainDestination({ destination, sources }: CopyInstruction, hasWorkdir: boolean): boolean {
  const path = unquoted(destination?.text ?? '');
  return (hasWorkdir || /^[/$]/.test(path)) && (sources.length < 2 || path.endsWith('/'));
}

/** Neither an archive nor remote: what COPY does as well. A heredoc counts, COPY has them too. */
function isPlainFile({ text }: Word, instruction: CopyInstruction): boolean {
  if (instruction.flags.some(({ name }) => name === 'keep-git-dir' || name === 'checksum')) return false;
  return !isArchive(text) && !/^(?:https?:\/\/|git:\/\/|ssh:\/\/|git@)/.test(unquoted(text));
}

/** A variable or a pattern may stand for one, unless the name ends in what is none. */
function mayBeArchive({ text }: Word): boolean {
  const bare = unquoted(text);
  return /[$*?[\\]/.test(bare) && !/\.[\w-]*[a-z][\w-]*$/i.test(bare);
}
