/** Skipping says why: the reporter prints the reason beside the test's name. */

import type { Context } from 'mocha';

/** Ends the running test or hook as skipped. Never returns. */
export function skipBecause(context: Context, reason: string): never {
  const test = (context.currentTest ?? context.test) as { skipReason?: string } | undefined; // mocha keeps unknown fields
  if (test) test.skipReason = reason;
  context.skip();
}

/** System tests need root on Linux; call it in `before`. */
export function requireRoot(context: Context): void {
  if (process.platform !== 'linux') skipBecause(context, 'needs Linux');
  if (process.getuid?.() !== 0) skipBecause(context, 'needs root');
}
