/** CopyIgnoredFile: COPY or ADD of something that .dockerignore keeps out. */

import { type IgnoreFile, readIgnoreFile } from '../../context/ignore.ts';
import { cleanPath, treePath } from '../../context/paths.ts';
import { goQuote } from '../../dockerfile/go-quote.ts';
import { evaluated } from '../evaluation.ts';
import type { Rule } from '../rule.ts';

export const CopyIgnoredFile: Rule = {
  id: 'CopyIgnoredFile',
  family: 'buildkit',
  severity: 'warning',
  message: 'Attempting to Copy file that is excluded by .dockerignore',
  why: 'The file is not sent to the builder, so the step fails or copies less than it says. With exceptions (`!`) in .dockerignore nothing can be said for certain, and nothing is.',
  examples: {
    bad: [],
    good: ['FROM debian:12\nCOPY app.js /app/'],
  },
  experimental: 'buildkit-only',
  check(context, report) {
    const { dockerignore } = context.options;
    if (dockerignore === undefined) return;
    const ignore = readIgnoreFile(dockerignore).value;
    for (const { at, instruction, words } of evaluated(context, 'COPY', 'ADD')) {
      if (instruction.flags.some(({ name }) => name === 'from')) continue;
      for (const { span, text } of words) {
        const only = isRemote(text) ? 'nobody' : whoSays(text, ignore);
        if (only === 'nobody') continue;
        const verb = instruction.name === 'ADD' ? 'Add' : 'Copy';
        const message = `Attempting to ${verb} file ${goQuote(text)} that is excluded by .dockerignore`;
        const found = { span, toolLine: at.line, silencedAt: instruction, message };
        report(only === 'both' ? found : { ...found, only });
      }
    }
  },
};

/**
 * Docker: 28.5.2 looks at the path as it is written and at all patterns (measured).
 * We clean the path first, and keep quiet where an exception may bring something back, as BuildKit 0.27 does (read).
 */
function whoSays(path: string, { lines, matcher }: IgnoreFile): 'both' | 'tool' | 'naru' | 'nobody' {
  const cleaned = cleanPath(path);
  const isRoot = cleaned === '.' || cleaned === '/';
  const isAllIgnored = lines.some(({ pattern }) => /^(?:\*|\*\*|\*\*\/\*)$/.test(pattern));
  const isIgnored = isRoot ? isAllIgnored : matcher.matches(treePath(cleaned));
  if (!isIgnored) return 'nobody';
  const isWrittenCleanly = isRoot || path.replace(/(?<=.)\/$/, '') === treePath(cleaned);
  if (matcher.hasExceptions) return isWrittenCleanly ? 'tool' : 'nobody';
  return isWrittenCleanly || matcher.matches(path) || matcher.matches(folderOf(path)) ? 'both' : 'naru';
}

/** Cleaned, as Go's filepath.Dir has it: of a path that ends with a slash all before it. */
function folderOf(path: string): string {
  return cleanPath(path.slice(0, path.lastIndexOf('/') + 1));
}

function isRemote(source: string): boolean {
  return /^(?:https?:\/\/|git:\/\/|ssh:\/\/|git@|github\.com\/)/.test(source);
}
