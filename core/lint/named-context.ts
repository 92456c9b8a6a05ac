/** Names that the build gives to contexts of its own (`--build-context`): they stand before stages and images, as in BuildKit. */

import { findNamedContext } from '../build/named-contexts.ts';
import { unquoted } from './quotes.ts';
import type { LintOptions } from './rule.ts';

/** `name` as a FROM or a `--from` writes it. */
export function isNamedContext({ namedContexts }: Pick<LintOptions, 'namedContexts'>, name: string): boolean {
  return namedContexts !== undefined && findNamedContext(namedContexts, unquoted(name)) !== undefined;
}
