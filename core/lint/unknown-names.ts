/** What a configuration says to no effect, such as a name that nobody knows: it would silence nothing, and nobody would notice. */

import type { LintConfig } from './config.ts';
import { RULES } from './rules/index.ts';

/** A sentence for each. ShellCheck's codes are its own affair, and what cannot be read at all has codes, not rules. */
export function unknownNames({ faults, ignored, overrides }: LintConfig): readonly string[] {
  const known = new Set(RULES.map(({ id }) => id));
  const named = [...ignored, ...Object.values(overrides).flat()];
  const unknown = new Set(named.filter((id) => !known.has(id) && !/^(?:SC\d{4}$|E_)/.test(id)));
  return [...faults, ...[...unknown].map((id) => `no rule is called ${id}`)];
}
