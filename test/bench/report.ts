/** The figures as a table in Markdown; in docs/performance.md it lies between two marks. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { MemoryFigure } from './cases/memory.ts';
import { type Figure, meanCpuMs, medianWallMs } from './figures.ts';

const PAGE = join(import.meta.dirname, '../../docs/performance.md');
const BEGIN = '<!-- figures: written by npm run bench -- --record -->';
const END = '<!-- end of figures -->';

export interface Report {
  /** Lines about the machine and the programs. */
  readonly facts: readonly string[];
  readonly figures: readonly Figure[];
  readonly memory: readonly MemoryFigure[];
}

export function renderReport({ facts, figures, memory }: Report): string {
  const rows = figures.map(renderFigure);
  const parts = [
    facts.map((fact) => `- ${fact}`).join('\n'),
    '',
    '| what | runs | Naru: wall (CPU) | peer: wall (CPU) | wall ratio | CPU ratio | wish |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ];
  if (memory.length > 0) {
    const peaks = memory.map(({ name, peakMb }) => `${name} ${Math.round(peakMb)} MB`).join(', ');
    parts.push('', `Largest resident size of the engine after building with a new 2 GB context: ${peaks}.`);
  }
  return `${parts.join('\n')}\n`;
}

/** Puts the table into docs/performance.md in place of the last one. */
export function recordReport(text: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${PAGE} has no place for the figures`);
  writeFileSync(PAGE, `${page.slice(0, begin + BEGIN.length)}\n${text}${page.slice(end)}`);
}

/** One row. */
export function renderFigure({ what, sides, wish }: Figure): string {
  const [ours, peer] = sides;
  if (ours === undefined) return `| ${what} | 0 | | | | | |`;
  const cells = [what, String(ours.samples.length), times(ours.samples)];
  if (peer === undefined) return `| ${[...cells, '', '', '', ''].join(' | ')} |`;
  const wall = medianWallMs(ours.samples) / medianWallMs(peer.samples);
  const cpu = meanCpuMs(ours.samples) / meanCpuMs(peer.samples);
  const isReached = wish === undefined || wall <= wish;
  const wished = wish === undefined ? '' : `≤ ${wish}${isReached ? '' : ', not reached'}`;
  return `| ${[...cells, times(peer.samples), `${wall.toFixed(2)}×`, `${cpu.toFixed(2)}×`, wished].join(' | ')} |`;
}

function times(samples: Figure['sides'][number]['samples']): string {
  return `${duration(medianWallMs(samples))} (${duration(meanCpuMs(samples))})`;
}

function duration(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${(ms / 1000).toFixed(2)} s`;
}
