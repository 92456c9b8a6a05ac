/** `--restart no|always|unless-stopped|on-failure[:times]`. */

import { NaruError } from '../../../core/errors.ts';

const POLICIES: readonly string[] = ['no', 'always', 'unless-stopped', 'on-failure'];

/** @throws NaruError "invalid-argument" */
export function parseRestart(text: string): { readonly name: string; readonly maxRetries: number } {
  const [, name = '', retries] = /^([a-z-]+)(?::(\d+))?$/.exec(text) ?? [];
  if (POLICIES.includes(name) && (retries === undefined || name === 'on-failure'))
    return { name, maxRetries: Number(retries ?? 0) };
  throw new NaruError('invalid-argument', 'E_RESTART', `--restart: ${JSON.stringify(text)} is not a policy`, {
    hint: 'write no, always, unless-stopped or on-failure[:times]',
  });
}
