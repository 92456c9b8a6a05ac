/**
 * `# check=skip=…;error=…;experimental=…`: at the top of the file for all of it, above one instruction for that instruction.
 * Follows BuildKit's linter.ParseLintOptions and WithMergedConfigFromComments; names are compared as they are written.
 * Docker: 28.5.2 does not read those above instructions yet (measured), BuildKit 0.26 and later do (read).
 */

import type { Dockerfile, Instruction } from '../dockerfile/types.ts';

export interface CheckOptions {
  readonly skip: ReadonlySet<string> | 'all';
  readonly experimental: ReadonlySet<string> | 'all';
  /** Findings make the build fail. */
  readonly isError: boolean;
}

export const NO_CHECK_OPTIONS: CheckOptions = { skip: new Set(), experimental: new Set(), isError: false };

/** Undefined when BuildKit refuses the text. At most three parts; what is behind a further `;` belongs to the third. */
export function readCheckOptions(text: string): CheckOptions | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return NO_CHECK_OPTIONS;
  const [first = '', second, ...others] = trimmed.split(';');
  const parts = [first, second, others.length > 0 ? others.join(';') : undefined];
  let options = NO_CHECK_OPTIONS;
  for (const part of parts) {
    if (part === undefined) continue;
    const equals = part.indexOf('=');
    if (equals < 0) return undefined;
    const value = part.slice(equals + 1).trim();
    const key = part.slice(0, equals).trim();
    if (key === 'skip') options = { ...options, skip: names(value) };
    else if (key === 'experimental') options = { ...options, experimental: names(value) };
    else if (key === 'error' && isBoolean(value))
      options = { ...options, isError: /^(?:1|t|true)$/i.test(value) };
    else return undefined;
  }
  return options;
}

/** Of the whole file. A blank ends the value, so that a remark may follow. */
export function fileCheckOptions(dockerfile: Dockerfile): CheckOptions {
  const directive = dockerfile.directives.find(({ name }) => name === 'check');
  return readCheckOptions(directive?.value.split(' ')[0] ?? '') ?? NO_CHECK_OPTIONS;
}

/** Of the first `check=` comment above the instruction. */
export function instructionCheckOptions({ commentsAbove }: Instruction): CheckOptions {
  for (const { text } of commentsAbove) {
    const value = /^check\s*=\s*(\S+)/i.exec(text)?.[1];
    if (value !== undefined) return readCheckOptions(value) ?? NO_CHECK_OPTIONS;
  }
  return NO_CHECK_OPTIONS;
}

/** `all` and the empty set swallow. */
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

function names(value: string): ReadonlySet<string> | 'all' {
  return value === 'all' ? 'all' : new Set(value.split(',').map((name) => name.trim()));
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

/** What Go's strconv.ParseBool takes. */
function isBoolean(value: string): boolean {
  return /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value);
}

function union(left: CheckOptions['skip'], right: CheckOptions['skip']): CheckOptions['skip'] {
  return left === 'all' || right === 'all' ? 'all' : new Set([...left, ...right]);
}
