/** What FROM lines mean when the caller passes no build arguments. */

import { expand } from '../dockerfile/expansion.ts';
import type { Dockerfile } from '../dockerfile/types.ts';

/** Expands with the defaults of the ARGs before the first FROM; variables without one stay as they are written. */
export function defaultExpansion(dockerfile: Dockerfile): (text: string) => string {
  const values = new Map<string, string>();
  function expandDefaults(text: string): string {
    if (!text.includes('$')) return text;
    const { escape } = dockerfile;
    const expansion = expand(text, { escape, lookup: (name) => values.get(name), keepsUnset: true });
    return expansion.fault === undefined ? expansion.text : text;
  }
  for (const instruction of dockerfile.preamble) {
    if (instruction.name !== 'ARG') continue;
    for (const { key, value } of instruction.variables) {
      if (value !== undefined) values.set(key.text, expandDefaults(value.text));
    }
  }
  return expandDefaults;
}
