/**
 * RUN: a command whose changes to the file system become a layer.
 */

import { goQuote } from '../go-quote.ts';
import { checkFlags } from '../flags.ts';
import { readMount } from '../mounts.ts';
import type { Flag } from '../types.ts';
import { readCommand } from './command-form.ts';
import { NETWORK_MODES, RUN_FLAGS, SECURITY_MODES } from './run-flags.ts';
import type { InstructionSpec, ReadContext, ValueSpec } from './spec.ts';

export const run: InstructionSpec = {
  name: 'RUN',
  syntax: ['RUN [flags] <shell command>', 'RUN [flags] ["<program>", "<argument>", …]', 'RUN [flags] <<EOF'],
  summary:
    'Runs a command in the image so far; what it changes becomes a layer. It runs again when an instruction above it changed, or the command itself.',
  flags: RUN_FLAGS,
  hasHeredocs: true,
  read(base, context) {
    checkFlags(base, RUN_FLAGS, context);
    for (const flag of base.flags) checkValue(flag, context);
    return { ...base, name: 'RUN', command: readCommand(base.rest, context) };
  },
};

function checkValue(flag: Flag, context: ReadContext): void {
  const { value } = flag;
  if (value === undefined) return;
  if (flag.name === 'network') {
    oneOf(flag, value, NETWORK_MODES, `invalid network mode ${goQuote(value)}`, context);
  } else if (flag.name === 'security') {
    oneOf(flag, value, SECURITY_MODES, `security ${goQuote(value)} is not valid`, context);
  } else if (flag.name === 'mount') checkMount(flag, value, context);
}

/** Checks a mount as far as its values are known before the build. */
function checkMount(flag: Flag, value: string, context: ReadContext): void {
  const read = readMount(value, (text) => (text.includes('$') ? undefined : text));
  if (read.kind !== 'fault') return;
  const { message, hint, start, end } = read.fault;
  const whole = flag.valueSpan ?? flag.span;
  const isExact = whole.end - whole.start === value.length;
  const span = isExact ? { start: whole.start + start, end: whole.start + end } : whole;
  context.refuse('E_MOUNT', message, span, hint === undefined ? {} : { hint });
}

function oneOf(
  flag: Flag,
  value: string,
  allowed: readonly ValueSpec[],
  message: string,
  context: ReadContext,
): void {
  const names = allowed.map((spec) => spec.value);
  if (names.includes(value)) return;
  context.refuse('E_FLAG_VALUE', message, flag.valueSpan ?? flag.span, {
    hint: `one of ${names.join(', ')}`,
  });
}
