/** A preview for people: one line per instruction, its state, why, and what it costs. */

import { escapeControls } from '../../../core/control-characters.ts';
import type { PreviewReport, PreviewStep } from '../../../core/preview/report.ts';
import { formatBytes, formatSeconds } from '../units.ts';

const COLOURS: readonly (readonly [RegExp, number])[] = [
  [/^CACHED|^FREE|^SKIPPED|^RELINK/, 32],
  [/^DEPENDS|^UNKNOWN|\?$/, 33],
  [/^RUN|^ALWAYS/, 31],
];

const WIDTH = 19;

/** Ends with a summary line. */
export function formatPreview(report: PreviewReport, isColoured: boolean): string {
  const lines: string[] = [];
  let stage: string | undefined;
  for (const step of report.steps) {
    if (step.stage !== stage) lines.push(`stage ${step.stage}`);
    stage = step.stage;
    lines.push(...formatStep(step, isColoured));
  }
  return `${lines.join('\n')}\n${summary(report)}\n`;
}

function formatStep(step: PreviewStep, isColoured: boolean): readonly string[] {
  const colour = COLOURS.find(([pattern]) => pattern.test(step.state))?.[1] ?? 0;
  const padded = step.state.padEnd(WIDTH);
  const state = isColoured ? `\u001B[${colour}m${padded}\u001B[0m` : padded;
  const cost = [
    ...(step.seconds === undefined ? [] : [formatSeconds(step.seconds)]),
    ...(step.bytes === undefined || step.bytes === 0 ? [] : [formatBytes(step.bytes)]),
  ].join(', ');
  const isCostly = !/^(FREE|SKIPPED)/.test(step.state) && cost !== '';
  const head = `  ${state} ${String(step.line).padStart(3)}  ${escapeControls(shorten(step.instruction))}${isCostly ? `  (${cost})` : ''}`;
  const reasons =
    step.state === 'SKIPPED'
      ? []
      : step.reasons.map(({ text }) => `  ${' '.repeat(WIDTH + 6)}${escapeControls(text)}`);
  return [head, ...reasons];
}

function shorten(instruction: string): string {
  const flat = instruction.replace(/\s+/g, ' ');
  return flat.length > 80 ? `${flat.slice(0, 79)}…` : flat;
}

const RELINKED = 'the files of a linked copy are reused, over another base';

function summary({
  summary: { counts, isAllCached, seconds, worstSeconds, nUntimed },
  missingImages = [],
}: PreviewReport): string {
  if (isAllCached) {
    const isOpen = (counts['CACHED?'] ?? 0) > 0;
    const relinked = (counts['RELINK'] ?? 0) > 0 ? ` (RELINK: ${RELINKED})` : '';
    const fetched = isOpen ? ', unless what is fetched for the steps with CACHED? has changed' : '';
    return `everything is cached${relinked}${fetched}`;
  }
  const parts = Object.entries(counts).map(([state, count]) => `${count} ${state}`);
  if (missingImages.length > 0)
    return `${parts.join(', ')}; cannot be built without ${missingImages.join(', ')}`;
  const time = seconds === undefined ? 'time unknown' : `about ${formatSeconds(seconds)}`;
  const worst =
    worstSeconds !== undefined && worstSeconds !== seconds ? `, at worst ${formatSeconds(worstSeconds)}` : '';
  const untimed = nUntimed > 0 ? `, ${nUntimed} never timed` : '';
  return `${parts.join(', ')}; ${time}${worst}${untimed}`;
}
