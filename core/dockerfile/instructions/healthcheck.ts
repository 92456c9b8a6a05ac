/**
 * HEALTHCHECK: how the engine finds out whether a container works.
 */

import { goQuote } from '../go-quote.ts';
import { isSpace } from '../blanks.ts';
import { durationFault } from '../duration.ts';
import { checkFlags } from '../flags.ts';
import type { CommandForm, Flag, InstructionBase, Word } from '../types.ts';
import { wordAt } from '../words.ts';
import { isEmptyCommand, readCommand } from './command-form.ts';
import { type FlagSpec, type InstructionSpec, type ReadContext, refuseCount } from './spec.ts';

const flags: readonly FlagSpec[] = [
  { name: 'interval', kind: 'string', summary: 'Time between two checks, such as `30s` (the default).' },
  { name: 'timeout', kind: 'string', summary: 'A check that takes longer has failed. Default `30s`.' },
  {
    name: 'start-period',
    kind: 'string',
    summary: 'Failures in this time after the start do not count. Default `0s`.',
  },
  {
    name: 'start-interval',
    kind: 'string',
    summary: 'Time between two checks during the start period. Default `5s`.',
  },
  {
    name: 'retries',
    kind: 'string',
    summary: 'So many failures in a row make the container unhealthy. Default 3.',
  },
];

export const healthcheck: InstructionSpec = {
  name: 'HEALTHCHECK',
  syntax: ['HEALTHCHECK [flags] CMD <command>', 'HEALTHCHECK NONE'],
  summary:
    'The command that tells whether a container works: exit code 0 is healthy, 1 is not. `NONE` switches off the check of the base image.',
  flags,
  hasHeredocs: false,
  read(base, context) {
    const { text } = base.rest;
    let end = 0;
    while (end < text.length && !isSpace(text.charCodeAt(end))) end += 1;
    if (end === 0) {
      refuseCount(base, context, 'HEALTHCHECK requires at least one argument', 'HEALTHCHECK CMD <command>');
      return { ...base, name: 'HEALTHCHECK', type: undefined, command: undefined };
    }
    const type = wordAt(base.rest, 0, end);
    while (end < text.length && isSpace(text.charCodeAt(end))) end += 1;
    const command = readCommand(base.rest.part(end, text.length), context);
    if (type.text.toUpperCase() === 'NONE') checkNone(command, context);
    else {
      checkFlags(base, flags, context);
      checkType(type, command, context);
      checkValues(base, context);
    }
    return { ...base, name: 'HEALTHCHECK', type, command: isEmptyCommand(command) ? undefined : command };
  },
};

// Docker: flags beside NONE are read and never checked (BuildKit 0.32, read).
function checkNone(command: CommandForm, context: ReadContext): void {
  if (isEmptyCommand(command)) return;
  const message = 'HEALTHCHECK NONE takes no arguments';
  context.refuse('E_ARGUMENT_COUNT', message, command.span, { hint: 'remove what follows NONE' });
}

function checkType(type: Word, command: CommandForm, context: ReadContext): void {
  const name = type.text.toUpperCase();
  if (name !== 'CMD') {
    const message = `Unknown type ${goQuote(name)} in HEALTHCHECK (try CMD)`;
    context.refuse('E_HEALTHCHECK_TYPE', message, type.span, { hint: 'write CMD before the command' });
  } else if (isEmptyCommand(command)) {
    const hint = 'HEALTHCHECK CMD <command>';
    context.refuse('E_ARGUMENT_COUNT', 'Missing command after HEALTHCHECK CMD', type.span, { hint });
  }
}

function checkValues(base: InstructionBase, context: ReadContext): void {
  for (const flag of base.flags) {
    if (flag.value === undefined || flag.value === '') continue;
    if (flag.name === 'retries') checkRetries(flag, flag.value, context);
    else if (flags.some((spec) => spec.name === flag.name)) checkInterval(flag, flag.value, context);
  }
}

function checkInterval(flag: Flag, value: string, context: ReadContext): void {
  const fault = durationFault(value, `Interval "${flag.name}" cannot be less than 1ms`);
  if (fault === undefined) return;
  const hint = 'write a number with its unit, such as 30s or 1m30s';
  context.refuse('E_DURATION', fault, flag.valueSpan ?? flag.span, { hint });
}

function checkRetries(flag: Flag, value: string, context: ReadContext): void {
  const span = flag.valueSpan ?? flag.span;
  const hint = 'write a number from 0 up';
  const number = Number(value);
  if (!/^[+-]?\d+$/.test(value)) {
    const message = `strconv.ParseInt: parsing ${goQuote(value)}: invalid syntax`;
    context.refuse('E_RETRIES', message, span, { hint });
  } else if (number > 2 ** 31 - 1 || number < -(2 ** 31)) {
    const message = `strconv.ParseInt: parsing ${goQuote(value)}: value out of range`;
    context.refuse('E_RETRIES', message, span, { hint });
  } else if (number < 0) {
    context.refuse('E_RETRIES', `--retries cannot be negative (${number})`, span, { hint });
  }
}
