/** Where the tool whose rule it is explains it. */

import type { RuleFamily } from './rule.ts';

/** Undefined for our own rules, whose pages are in docs/rules, and for what the reader says. */
export function ruleUrl(family: RuleFamily, ruleId: string): string | undefined {
  if (family === 'hadolint') return `https://github.com/hadolint/hadolint/wiki/${ruleId}`;
  if (family === 'shellcheck') return `https://www.shellcheck.net/wiki/${ruleId}`;
  if (family !== 'buildkit') return undefined;
  const page = ruleId.replace(/([a-z])([A-Z])/g, '$1-$2').replace(/([A-Z])([A-Z][a-z])/g, '$1-$2');
  return `https://docs.docker.com/reference/build-checks/${page.toLowerCase()}/`;
}
