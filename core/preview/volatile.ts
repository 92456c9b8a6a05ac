/** Commands that look at the network: a hit repeats what the network said when the step ran last. */

import type { Op } from '../build/ops.ts';

import type { PreviewReason } from './report.ts';

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\bapt(-get)?\s+(-\S+\s+)*update\b/, 'apt-get update'],
  [/\bapk\s+(-\S+\s+)*(update|add|upgrade)\b/, 'apk'],
  [/\b(dnf|yum|microdnf)\s+(-\S+\s+)*(install|update|upgrade)\b/, 'the package manager'],
  [/\b(curl|wget)\s/, 'a download'],
  [/\bgit\s+clone\b/, 'git clone'],
];

/** Undefined for steps that do not look volatile. */
export function volatileReason(op: Op): PreviewReason | undefined {
  if (op.kind !== 'run' || op.network === 'none') return undefined;
  const command = op.argv.join(' ');
  const found = PATTERNS.find(([pattern]) => pattern.test(command));
  if (found === undefined) return undefined;
  return { kind: 'volatile', text: `cached, so ${found[1]} is not repeated and may be outdated` };
}
