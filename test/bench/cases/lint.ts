/** The reader alone and the reader with the linter, in this process and warm, with the language server's heap, on a Dockerfile of 5,000 lines. */

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { DEFAULT_LINT_OPTIONS, lintDockerfile } from '../../../core/lint/run.ts';
import { readScript } from '../../../core/lint/shell/parsed-script.ts';
import { remembered } from '../../../core/lint/shell/remembered.ts';
import { keepTreesYoung } from '../../../server/heap.ts';
import { makeDockerfile } from '../dockerfiles.ts';
import { alternate, type Figure, type Sample } from '../figures.ts';

/** Runs until the compiler has seen what is hot and is done with it: after 30 it still takes half of the CPU time. */
const N_WARM = 200;

export async function benchLint(nRounds: number): Promise<readonly Figure[]> {
  keepTreesYoung();
  const text = makeDockerfile(5000);
  const read = (): unknown => readDockerfile(text);
  const options = { ...DEFAULT_LINT_OPTIONS, readScript: remembered(readScript) }; // as the language server does
  const lint = (): unknown => lintDockerfile(readDockerfile(text).value, 'naru', options);
  return [
    await warmFigure('read 5,000 lines, warm', read, nRounds),
    await warmFigure('read and lint 5,000 lines, warm', lint, nRounds),
  ];
}

async function warmFigure(what: string, work: () => unknown, nRounds: number): Promise<Figure> {
  for (let nth = 0; nth < N_WARM; nth += 1) work();
  return { what, sides: await alternate([{ name: 'naru', run: () => sampleOf(work) }], { nRounds }) };
}

function sampleOf(work: () => unknown): Sample {
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  work();
  const wallMs = performance.now() - began;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wallMs, clientCpuMs: (user + system) / 1000 };
}
