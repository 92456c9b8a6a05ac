/** Where the files of a planned case land, as the recorded trees of test/conformance describe them. Only for plans whose files all come from the context or from heredocs. */

import type { LandedFile } from '../../../core/build/landed-files.ts';
import type { CopyOp } from '../../../core/build/ops.ts';
import type { ConformanceCase } from '../../conformance/conformance-case.ts';
import type { PlannedCase } from './planned-case.ts';

export interface Landing {
  /** Absolute; a file that lands at a path or in a directory there has both. */
  readonly paths: readonly string[];
  /** As in a recorded tree; owners that are names are left out. */
  readonly description: string;
  readonly kind: LandedFile['kind'];
}

/** In the order in which they are written; undefined when a plan cannot say what the tree holds. */
export function landedTree(
  one: ConformanceCase,
  { plan, prepared }: PlannedCase,
): readonly Landing[] | undefined {
  const hasArchives = Object.values(one.files ?? {}).some(
    (file) => typeof file !== 'string' && 'base64' in file,
  );
  const landings: Landing[] = [];
  for (const [at, { op }] of (plan?.vertices ?? []).entries()) {
    if (op.kind === 'run' || op.kind === 'http' || op.kind === 'git') return undefined;
    if (op.kind !== 'copy') continue;
    if (op.from.kind === 'vertex' || (op.unpacks && hasArchives)) return undefined;
    const landed = prepared[at]?.files.get(-1);
    // Should all land at the destination itself, the last one named is what is left there.
    const last = landed?.files.find(({ path }) => path === landed.lastNamed);
    for (const file of [...(landed?.files ?? []), ...(last === undefined ? [] : [last])]) {
      landings.push({
        paths: pathsOf(op, landed?.landing ?? 'inside', file.path),
        description: description(op, file),
        kind: file.kind,
      });
    }
  }
  return landings;
}

/** The same of a recorded tree's entry: without its owner where ours is a name. */
export function comparable(recorded: string | undefined, ours: string): string | undefined {
  return / \? /.test(`${ours} `) ? recorded?.replace(/^(\S+ \S+) \S+/, '$1 ?') : recorded;
}

function pathsOf(op: CopyOp, landing: 'inside' | 'exact' | 'open', path: string): readonly string[] {
  const inside = `${op.destination === '/' ? '' : op.destination}/${path}`;
  if (landing === 'exact') return [op.destination];
  return landing === 'open' ? [inside, op.destination] : [inside];
}

function description(op: CopyOp, file: LandedFile): string {
  const mode = file.kind === 'symlink' ? '-' : file.mode.toString(8);
  const owner = /^(?:\d+(?::\d+)?)?$/.test(op.chown ?? '') ? `${file.uid}:${file.gid}` : '?';
  const parts = [file.kind, mode, owner];
  if (file.kind === 'file') parts.push(String(file.sizeBytes), file.digest?.slice(7, 19) ?? '');
  if (file.kind === 'symlink') parts.push(file.linkTarget ?? '');
  return parts.join(' ');
}
