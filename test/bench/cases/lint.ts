/** The linter alone, in this process and warm: reading and linting a Dockerfile of 5,000 lines. */

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { DEFAULT_LINT_OPTIONS, lintDockerfile } from '../../../core/lint/run.ts';
import { makeDockerfile } from '../dockerfiles.ts';
import { alternate, type Figure, type Sample } from '../figures.ts';

const N_WARM = 5;

export async function benchLint(nRounds: number): Promise<Figure> {
  const text = makeDockerfile(5000);
  for (let nth = 0; nth < N_WARM; nth += 1) lintOnce(text);
  const sides = await alternate([{ name: 'naru', run: () => lintOnce(text) }], { nRounds });
  return { what: 'read and lint 5,000 lines, warm', sides };
}

function lintOnce(text: string): Sample {
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  lintDockerfile(readDockerfile(text).value, 'naru', DEFAULT_LINT_OPTIONS);
  const wallMs = performance.now() - began;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wallMs, clientCpuMs: (user + system) / 1000 };
}
