/** What FROM lines mean when the caller passes no build arguments. */

import { expand } from '../dockerfile/expansion.ts';
import type { Dockerfile } from '../dockerfile/types.ts';
import { PLATFORM_ARGUMENTS } from './platform-arguments.ts';

/** Expands with the defaults of the ARGs before the first FROM and the usual platform; variables without one stay as they are written. */
export function defaultExpansion(dockerfile: Dockerfile): (text: string) => string {
  const values = new Map<string, string>(PLATFORM_ARGUMENTS);
  function expandDefaults(text: string): string {
    if (!text.includes('$')) return text;
    const { escape } = dockerfile;
    const lookup = (name: string): string | undefined => values.get(name);
    const plain = expand(text, { escape, lookup });
    if (plain.fault !== undefined) return text;
    const isKnown = plain.uses.every(({ isSet, operator }) => isSet || /[-+]$/.test(operator ?? ''));
    return isKnown ? plain.text : expand(text, { escape, lookup, keepsUnset: true }).text;
  }
  for (const instruction of dockerfile.preamble) {
    if (instruction.name !== 'ARG') continue;
    for (const { key, value } of instruction.variables) {
      if (value !== undefined) values.set(key.text, expandDefaults(value.text));
    }
  }
  return expandDefaults;
}
