/** Where a Dockerfile names a file that is not there, for messages that BuildKit only gives the line of. */

import { cleanPath, treePath } from '../context/paths.ts';
import type { Dockerfile, Instruction } from '../dockerfile/types.ts';
import type { Span } from '../source.ts';

/** What stands at `offset` below a FROM; undefined for a trigger of a base image. */
export function instructionAt({ stages }: Dockerfile, offset: number): Instruction | undefined {
  return stages
    .flatMap(({ instructions }) => instructions)
    .find(({ span }) => span.start <= offset && offset < span.end);
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
  const instruction = instructionAt(dockerfile, span.start);
  if (path === undefined || (instruction?.name !== 'COPY' && instruction?.name !== 'ADD')) return span;
  const { sources } = instruction;
  const [only, another] = sources;
  if (only !== undefined && another === undefined) return only.span;
  return sources.find(({ text }) => treePath(cleanPath(text)) === path)?.span ?? span;
}

/** Where the COPY at `span` looked for the file that `message` is about, when that is what --from names; of the context its client knows more. */
export function missingSourcePlace(dockerfile: Dockerfile, span: Span, message: string): string | undefined {
  const instruction = instructionAt(dockerfile, span.start);
  if (missingPath(message) === undefined || instruction?.name === 'RUN') return undefined;
  const from = instruction?.flags.find(({ name }) => name === 'from')?.value;
  return from === undefined || from === '' ? undefined : `it was looked for in ${from}, which --from names`;
}
