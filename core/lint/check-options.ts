/**
 * Which of BuildKit's checks are on: `# check=` at the top of the file for all of it, above one instruction for that instruction.
 * Follows BuildKit's WithMergedConfigFromComments.
 * Docker: 28.5.2 does not read those above instructions yet (measured), BuildKit 0.27 and later do (read).
 */

import { type CheckOptions, NO_CHECK_OPTIONS, readCheckOptions } from '../dockerfile/check-options.ts';
import type { Dockerfile, Instruction } from '../dockerfile/types.ts';

/** Of the whole file. A blank ends the value, so that a remark may follow. */
export function fileCheckOptions(dockerfile: Dockerfile): CheckOptions {
  const directive = dockerfile.directives.find(({ name }) => name === 'check');
  return readCheckOptions(directive?.value.split(' ')[0] ?? '').options;
}

/** Of the first `check=` comment above the instruction. */
export function instructionCheckOptions({ commentsAbove }: Instruction): CheckOptions {
  for (const { text } of commentsAbove) {
    const value = /^check\s*=\s*(\S+)/i.exec(text)?.[1];
    if (value !== undefined) return readCheckOptions(value).options;
  }
  return NO_CHECK_OPTIONS;
}

/** Both apply; `all` of either is all. */
export function mergedCheckOptions(outer: CheckOptions, inner: CheckOptions): CheckOptions {
  return {
    skip: union(outer.skip, inner.skip),
    experimental: union(outer.experimental, inner.experimental),
    isError: outer.isError,
  };
}

/** Whether a check runs under these options. An experimental one runs only when it is asked for, and cannot be skipped. */
export function isCheckOn(options: CheckOptions, id: string, isExperimental: boolean): boolean {
  const { experimental, skip } = options;
  if (isExperimental) return experimental === 'all' || experimental.has(id);
  return skip !== 'all' && !skip.has(id);
}

function union(left: CheckOptions['skip'], right: CheckOptions['skip']): CheckOptions['skip'] {
  return left === 'all' || right === 'all' ? 'all' : new Set([...left, ...right]);
}

/** Checks that BuildKit makes of the file as a whole: comments above an instruction do not reach them. */
export const FILE_WIDE_CHECKS: ReadonlySet<string> = new Set([
  'ConsistentInstructionCasing',
  'DuplicateStageName',
  'InvalidBaseImagePlatform',
  'InvalidDefaultArgInFrom',
  'NoEmptyContinuation',
  'ReservedStageName',
]);
