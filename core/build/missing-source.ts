/** Where a Dockerfile names a file that is not there, for messages that BuildKit only gives the line of. */

import { cleanPath, treePath } from '../context/paths.ts';
import type { CopyInstruction, Dockerfile } from '../dockerfile/types.ts';
import type { Span } from '../source.ts';

/** The COPY or ADD that stands at `offset`; undefined for anything else, a trigger of a base image among it. */
export function copyAt(dockerfile: Dockerfile, offset: number): CopyInstruction | undefined {
  for (const { instructions } of dockerfile.stages) {
    const found = instructions.find(({ span }) => span.start <= offset && offset < span.end);
    if (found?.name === 'COPY' || found?.name === 'ADD') return found;
  }
  return undefined;
}

/** The path that a selection fault is about, without leading slash; undefined when the message is another. */
export function missingPath(message: string): string | undefined {
  const plain = /^lstat (\/.*): no such file or directory$/s.exec(message)?.[1];
  if (plain !== undefined) return treePath(plain);
  const quoted = /^("(?:[^"\\]|\\.)*"): not found$/.exec(message)?.[1];
  if (quoted === undefined) return undefined;
  try {
    return treePath(String(JSON.parse(quoted)));
  } catch {
    return undefined; // not one of ours
  }
}

/** The word of the instruction at `span` that names the missing file; `span` itself where no word is certain, as with variables among several. */
export function missingSourceSpan(dockerfile: Dockerfile, span: Span, message: string): Span {
  const path = missingPath(message);
  const sources = copyAt(dockerfile, span.start)?.sources ?? [];
  if (path === undefined) return span;
  const [only, another] = sources;
  if (only !== undefined && another === undefined) return only.span;
  return sources.find(({ text }) => treePath(cleanPath(text)) === path)?.span ?? span;
}
