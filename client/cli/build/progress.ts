/** How a build is told: for people as it goes, as JSON lines for machines, or only the image at the end. */

import { escapeControls } from '../../../core/control-characters.ts';
import { type BuildEvent, CHECK_WARNING } from '../../../core/protocol/build.ts';
import type { CliIo } from '../io.ts';
import { formatBytes, formatSeconds } from '../units.ts';
import type { ProgressKind } from './progress-kinds.ts';
import { StepClock } from './step-clock.ts';

/** Called for every event in order. */
export type Progress = (event: BuildEvent) => void;

export function makeProgress(kind: ProgressKind, io: CliIo): Progress {
  switch (kind) {
    case 'json':
      return jsonProgress(io);
    case 'quiet':
      return () => undefined;
    case 'auto':
    case 'tty':
    case 'plain':
      return plainProgress(io);
  }
}

/** What the build made, told once that is written wherever it was asked for. */
export function tellResult(
  kind: ProgressKind,
  event: Extract<BuildEvent, { readonly type: 'result' }>,
  io: CliIo,
): void {
  if (kind === 'json') io.stdout.write(jsonLine(event));
  else if (event.image !== '') io.stdout.write(`${event.image}\n`);
}

/** Between engine and client alone. */
const INTERNAL: ReadonlySet<BuildEvent['type']> = new Set(['started', 'begin', 'fetch']);

/** One object per line: step, log, warning, error; at the end the result (`tellResult`). */
function jsonProgress(io: CliIo): Progress {
  return (event) => {
    if (!INTERNAL.has(event.type) && event.type !== 'result') io.stdout.write(jsonLine(event));
  };
}

function jsonLine({ seq: _seq, ...event }: BuildEvent): string {
  return `${JSON.stringify(event)}\n`;
}

function plainProgress(io: CliIo): Progress {
  /** The step whose last line has no end yet; '' at the start of a line. */
  let unended = '';
  /** A step's output may have left colours on. */
  let isColoured = false;
  const checks: Warning[] = [];
  const startedAt = performance.now();
  const clock = new StepClock(io, () => unended === '');
  const endLine = (): void => {
    clock.hide();
    if (isColoured) io.stderr.write(RESET);
    isColoured = false;
    if (unended !== '') io.stderr.write('\n');
    unended = '';
  };
  const say = (text: string): void => {
    endLine();
    io.stderr.write(`${text}\n`);
  };
  return (event) => {
    switch (event.type) {
      case 'begin': {
        say(firstLine(event));
        clock.begin(stepKey(event), firstLine(event));
        break;
      }
      case 'log': {
        clock.hide();
        const prefix = `[${event.stage}:${event.line}]   `;
        const goesOn = unended === prefix;
        if (!goesOn) endLine();
        const lines = event.text.replace(/^(?=.)/gm, prefix);
        io.stderr.write(goesOn && lines.startsWith(prefix) ? lines.slice(prefix.length) : lines);
        isColoured ||= event.text.includes('\x1b[');
        if (event.text !== '') unended = event.text.endsWith('\n') ? '' : prefix;
        break;
      }
      case 'step':
        clock.end(stepKey(event));
        if (event.state === 'CACHED' || event.state === 'RELINK') {
          say(firstLine(event, `${event.state} `));
        } else if (event.state === 'RUN') {
          say(
            `[${event.stage}:${event.line}] done in ${formatSeconds(event.seconds)}${event.bytes > 0 ? `, ${formatBytes(event.bytes)}` : ''}`,
          );
        }
        break;
      case 'pull':
      case 'fetch':
        break;
      case 'warning':
        if (event.code === CHECK_WARNING) checks.push(event);
        else
          say(escapeControls(`warning: ${event.line === 0 ? '' : `line ${event.line}: `}${event.message}`));
        break;
      case 'result':
        clock.stop();
        say(`built in ${formatSeconds((performance.now() - startedAt) / 1000)}`);
        for (const tag of event.tags) say(`tagged ${tag}`);
        checkLines(checks).forEach(say);
        break;
      case 'error':
        clock.stop();
        endLine();
        checkLines(checks).forEach(say);
        break;
      case 'started':
        break;
    }
  };
}

/** SGR 0 of ECMA-48. */
const RESET = '\x1b[0m';

type Warning = Extract<BuildEvent, { readonly type: 'warning' }>;

/** Last, as buildx says them: in between nobody would see them. */
function checkLines(checks: readonly Warning[]): readonly string[] {
  if (checks.length === 0) return [];
  const count = checks.length === 1 ? '1 warning' : `${checks.length} warnings`;
  const told = checks.map(({ message, line }) => escapeControls(` - ${message} (line ${line})`));
  return [`${count} found (naru lint --rules buildkit shows where):`, ...told];
}

/** Of an instruction; the file that is built must not steer the terminal. */
function firstLine(
  {
    stage,
    line,
    instruction,
  }: { readonly stage: string; readonly line: number; readonly instruction: string },
  state = '',
): string {
  return escapeControls(`[${stage}:${line}] ${state}${instruction.split('\n')[0] ?? ''}`);
}

function stepKey({ stage, line }: { readonly stage: string; readonly line: number }): string {
  return `${stage}:${line}`;
}
