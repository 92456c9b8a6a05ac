/** CopyIgnoredFile: COPY or ADD of something that .dockerignore keeps out. */

import { readIgnoreFile } from '../../context/ignore.ts';
import { cleanPath } from '../../context/paths.ts';
import { goQuote } from '../../dockerfile/go-quote.ts';
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
  check({ evaluated, options }, report) {
    const { dockerignore } = options;
    if (dockerignore === undefined) return;
    const { lines, matcher } = readIgnoreFile(dockerignore).value;
    if (lines.length === 0 || lines.some(({ pattern }) => pattern.startsWith('!'))) return;
    const isAllIgnored = lines.some(
      ({ pattern }) => pattern === '*' || pattern === '**' || pattern === '**/*',
    );
    for (const { at, instruction, words } of evaluated()) {
      if (instruction.name !== 'COPY' && instruction.name !== 'ADD') continue;
      if (instruction.flags.some(({ name }) => name === 'from')) continue;
      for (const { span, text } of words) {
        if (isRemote(text)) continue;
        const path = cleanPath(text);
        const isRoot = path === '.' || path === '/';
        if (isRoot ? !isAllIgnored : !matcher.matches(path)) continue;
        const verb = instruction.name === 'ADD' ? 'Add' : 'Copy';
        const message = `Attempting to ${verb} file ${goQuote(path)} that is excluded by .dockerignore`;
        report({ span, toolLine: at.line, silencedAt: instruction, message });
      }
    }
  },
};

function isRemote(source: string): boolean {
  return /^(?:https?:\/\/|git:\/\/|ssh:\/\/|git@|github\.com\/)/.test(source);
}
