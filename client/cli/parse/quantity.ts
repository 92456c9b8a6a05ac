/** Amounts on the command line. */

import { parseByteSize } from '../../../core/dockerfile/byte-size.ts';
import { NaruError } from '../../../core/errors.ts';

/** `64m`, `1g`, plain bytes. @throws NaruError "invalid-argument" naming the option */
export function parseBytes(option: string, text: string): number {
  const bytes = parseByteSize(text);
  if (bytes === undefined) {
    throw new NaruError('invalid-argument', 'E_SIZE', `${option}: ${JSON.stringify(text)} is not a size`, {
      hint: 'write a number with b, k, m or g, such as 64m',
    });
  }
  return bytes;
}

/** @throws NaruError "invalid-argument" naming the option */
export function parseNumber(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new NaruError('invalid-argument', 'E_NUMBER', `${option}: ${JSON.stringify(text)} is not a number`);
  }
  return value;
}

/** `NAME=value`; a bare NAME takes its value from `env` and is left out when unset. */
export function parseAssignments(
  pairs: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const name = at < 0 ? pair : pair.slice(0, at);
    const value = at < 0 ? env[name] : pair.slice(at + 1);
    if (value !== undefined) values.set(name, value);
  }
  return values;
}

/** As `parseAssignments`, without an environment: a bare NAME has an empty value, as labels and options have it. */
export function parsePairs(pairs: readonly string[]): Readonly<Record<string, string>> {
  const withValues = pairs.map((text) => (text.includes('=') ? text : `${text}=`));
  return Object.fromEntries(parseAssignments(withValues, {}));
}

/** Collects a repeated option. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
