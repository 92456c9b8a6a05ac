/**
 * Comments that silence rules: `# hadolint ignore=`, `global ignore=`, `stage ignore=`, the same of `# naru`, `# dockerfile-utils: ignore`; and `# hadolint shell=`.
 * `# check=` is read in check-options.ts. A hadolint comment that names something else than its rules has no effect at all, as in hadolint.
 */

import type { Comment, Dockerfile, Instruction } from '../dockerfile/types.ts';
import type { Span } from '../source.ts';
import type { Finding } from './rule.ts';

export interface PragmaId {
  readonly id: string;
  readonly span: Span;
}

export interface Pragma {
  readonly kind: 'ignore' | 'global' | 'stage' | 'shell';
  readonly ids: readonly PragmaId[];
  /** Of `shell=`. */
  readonly shell?: string;
  /** hadolint does not read it. */
  readonly isVoid: boolean;
  readonly comment: Comment;
}

/** In file order, those without effect included. */
export function readPragmas({ comments, text }: Dockerfile): readonly Pragma[] {
  return comments.flatMap((comment) => {
    if (comment.isInsideInstruction) return [];
    const pragma = readPragma(comment, text);
    return pragma === undefined ? [] : [pragma];
  });
}

function readPragma(comment: Comment, source: string): Pragma | undefined {
  const match = /^(hadolint|naru)[ \t]+(?:(global|stage)[ \t]+)?(ignore|shell)[ \t]*=[ \t]*/.exec(
    comment.text,
  );
  if (match === null) return undefined;
  const [head, tool, scope, key] = match;
  const value = comment.text.slice(head.length);
  if (key === 'shell') {
    const shell = /^([^\s#]+)[ \t]*(?:#.*)?$/.exec(value)?.[1];
    const isVoid = scope !== undefined || shell === undefined;
    return { kind: 'shell', ids: [], ...(shell === undefined ? {} : { shell }), isVoid, comment };
  }
  const start = source.indexOf(comment.text, comment.span.start) + head.length;
  const list = value.replace(/[ \t]*#.*$/, '');
  const ids = [...list.matchAll(/[^\s,]+/g)].map(({ 0: id, index }) => {
    return { id, span: { start: start + index, end: start + index + id.length } };
  });
  const isList = tool === 'naru' ? ids.length > 0 : HADOLINT_LIST.test(list);
  const kind = scope === 'global' || scope === 'stage' ? scope : 'ignore';
  return { kind, ids, isVoid: !isList, comment };
}

/** Comments that were meant to silence a rule and are read by nobody: no `=`, a colon too many, another word. Those that name a rule are sure to be meant. */
export function missedPragmas({ comments, text }: Dockerfile): readonly Comment[] {
  return comments.filter(
    (comment) =>
      !comment.isInsideInstruction &&
      MEANT_PRAGMA.test(comment.text) &&
      readPragma(comment, text) === undefined,
  );
}

const MEANT_PRAGMA =
  /^(?:hadolint|naru)\b\s*:?\s*(?:(?:global|stage|file)\s+)?(?:ignore|disable)\b[\s:=]*(?:DL|NR|SC)\d{3,4}\b/i;

const HADOLINT_LIST = /^[DLSC0-9]+(?:[ \t]*,[ \t]*[DLSC0-9]+)*$/;

/** True for findings that a comment silences. `isStrict`: only the very next line, as in hadolint; otherwise the whole comment block above an instruction counts. */
export function silencer(
  dockerfile: Dockerfile,
  isStrict: boolean,
  instructionOf: (finding: Finding) => Instruction | undefined,
): (finding: Finding, ids: readonly string[]) => boolean {
  const pragmas = readPragmas(dockerfile).filter(({ isVoid, kind }) => !isVoid && kind !== 'shell');
  const global = idsOf(pragmas.filter(({ kind }) => kind === 'global'));
  const byLine = new Map<number, ReadonlySet<string>>();
  for (const pragma of pragmas) {
    if (pragma.kind === 'ignore') byLine.set(lineOf(dockerfile, pragma) + 1, idsOf([pragma]));
  }
  const stages = stageLists(dockerfile, pragmas);
  const unvalidated = isStrict ? undefined : unvalidatedLines(dockerfile);
  return (finding, ids) => {
    if (finding.family === 'naru' && unvalidated?.has(finding.line) === true) return true;
    if (pragmas.length === 0) return false;
    const instruction = instructionOf(finding);
    const line = instruction?.line ?? finding.line;
    // hadolint: a FROM is no part of its stage yet.
    const stage = stages.findLast((list) => (isStrict ? list.line < line : list.line <= line));
    const lists = [global, byLine.get(line), byLine.get(finding.line), stage?.ids];
    if (!isStrict && instruction !== undefined) {
      const above = pragmas.filter(({ comment, kind }) => {
        return kind === 'ignore' && instruction.commentsAbove.includes(comment);
      });
      lists.push(idsOf(above));
    }
    return lists.some((list) => list !== undefined && ids.some((id) => list.has(id)));
  };
}

/** The 0-based lines directly below `# dockerfile-utils: ignore`: there neither the reader's problems nor our own rules are reported. */
export function unvalidatedLines({ comments, lines }: Dockerfile): ReadonlySet<number> {
  const above = comments.filter(({ text }) => text === 'dockerfile-utils: ignore');
  return new Set(above.map(({ span }) => lines.positionAt(span.start).line + 1));
}

interface StageList {
  readonly line: number;
  readonly ids: ReadonlySet<string>;
}

/** What is silenced in each stage; the comment stands directly above its FROM. */
function stageLists(dockerfile: Dockerfile, pragmas: readonly Pragma[]): readonly StageList[] {
  const scoped = pragmas.filter(({ kind }) => kind === 'stage');
  if (scoped.length === 0) return [];
  return dockerfile.stages.map(({ from }) => {
    const own = scoped.filter((pragma) => lineOf(dockerfile, pragma) + 1 === from.line);
    return { line: from.line, ids: idsOf(own) };
  });
}

function idsOf(pragmas: readonly Pragma[]): ReadonlySet<string> {
  return new Set(pragmas.flatMap(({ ids }) => ids.map(({ id }) => id)));
}

function lineOf(dockerfile: Dockerfile, pragma: Pragma): number {
  return dockerfile.lines.positionAt(pragma.comment.span.start).line;
}
