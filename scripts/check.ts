/**
 * `npm run check`: everything a change must pass that needs neither root nor network: format, lint, types, unit, tidy.
 * Stops at the first failure and says which step it was.
 */

import { spawnSync } from 'node:child_process';

const STEPS = ['format:check', 'lint', 'types', 'unit', 'tidy'] as const;

for (const step of STEPS) {
  const startedAt = performance.now();
  const { status } = spawnSync('npm', ['run', '--silent', step], { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`check: ${step} failed`);
    process.exit(status ?? 1);
  }
  console.log(`check: ${step} ok (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
}
