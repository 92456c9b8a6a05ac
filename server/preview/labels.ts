/** The words a preview is shown in: short beside the instruction, complete in its tooltip. Numbers come from core/preview. */

import { basename } from 'node:path';

import * as l10n from '@vscode/l10n';

import type { PreviewReason, PreviewReport, PreviewStep, ReasonKind } from '../../core/preview/report.ts';
import type { Problem } from '../../core/source.ts';
import type { MissingSource } from './missing-source.ts';

/** A reason longer than this is cut beside the instruction; the tooltip has all of it. */
const MAX_REASON = 60;

/** What stands behind the instruction; undefined for steps that cost nothing and never change. */
export function hintText(step: PreviewStep): string | undefined {
  if (step.state === 'FREE') return undefined;
  const parts = [step.state, costText(step), hintReason(step)];
  return parts.filter((part) => part !== undefined).join(' · ');
}

/** Beside the instruction that a build will stop at. */
export function refusedText(message: string): string {
  return `REFUSED · ${shorten(message)}`;
}

/** The same complete, as Markdown. */
export function refusedDetails({ message, hint }: Pick<Problem, 'message' | 'hint'>): string {
  const told = hint === undefined ? message : `${message}: ${hint}`;
  return `**REFUSED** ${l10n.t('The next build stops here.')}\n- ${told}`;
}

/** One line about a build that will stop, for the lens above the first FROM. `line` is counted from 1. */
export function refusalText(line: number, message: string): string {
  return l10n.t('The next build will be refused at line {0}: {1}', line, message);
}

/** One line about a file that an ignore file keeps out of the build. */
export function keptOutText({ path, ignoreFile, line }: KeptOutSource): string {
  const name = basename(ignoreFile);
  return line === undefined
    ? l10n.t('{0} is kept out of the build by {1}', path, name)
    : l10n.t('{0} is kept out of the build by line {1} of {2}', path, line, name);
}

type KeptOutSource = Extract<MissingSource, { readonly kind: 'kept-out' }>;

/** States that explain themselves have no reason beside them; what only follows from the line above neither. */
function hintReason({ state, reasons }: PreviewStep): string | undefined {
  const [reason] = reasons;
  if (reason === undefined || state === 'CACHED' || state === 'SKIPPED' || state.startsWith('RUN ('))
    return undefined;
  if (reason.kind === 'depends' && reason.stage !== undefined) return l10n.t('if {0} changes', reason.stage);
  if (reason.kind === 'depends') return undefined;
  if (state === 'UNKNOWN' && reason.text.startsWith('what line ')) return undefined;
  return shorten(reasonText(reason));
}

/** Markdown: state, every reason, cost. */
export function detailsText(step: PreviewStep): string {
  const lines = [`**${step.state}** ${meaning(step)}`];
  for (const reason of step.reasons) lines.push(`- ${reasonText(reason)}`);
  if (step.seconds !== undefined) lines.push('', l10n.t('Last run: {0}', duration(step.seconds)));
  if (step.bytes !== undefined && step.bytes > 0) lines.push('', l10n.t('Layer: {0}', size(step.bytes)));
  return lines.join('\n');
}

/** One line about the whole build, for the lens above the first FROM. */
export function summaryText({ summary, unusedArgs = [] }: PreviewReport): string {
  const text = buildText(summary);
  return unusedArgs.length === 0
    ? text
    : l10n.t('{0} (no ARG takes the build argument {1})', text, unusedArgs.join(', '));
}

function buildText(summary: PreviewReport['summary']): string {
  if (summary.isAllCached) return l10n.t('Next build: everything is cached');
  const { counts } = summary;
  const nCached = (counts['CACHED'] ?? 0) + (counts['CACHED?'] ?? 0) + (counts['RELINK'] ?? 0);
  const nRun = (counts['RUN'] ?? 0) + (counts['ALWAYS'] ?? 0);
  const nOpen = (counts['DEPENDS'] ?? 0) + (counts['UNKNOWN'] ?? 0);
  const parts = [l10n.t('{0} run', nRun), l10n.t('{0} cached', nCached)];
  if (nOpen > 0) parts.push(l10n.t('{0} open', nOpen));
  if (summary.seconds !== undefined && summary.seconds > 0) {
    parts.push(l10n.t('about {0}', duration(summary.seconds)));
  }
  return l10n.t('Next build: {0}', parts.join(', '));
}

function costText({ state, seconds }: PreviewStep): string | undefined {
  if (seconds === undefined || seconds < 0.05 || state === 'SKIPPED') return undefined;
  return state.startsWith('CACHED') ? l10n.t('saves {0}', duration(seconds)) : `≈ ${duration(seconds)}`;
}

function meaning({ state }: PreviewStep): string {
  switch (state) {
    case 'CACHED':
      return l10n.t('The next build takes this step from the cache.');
    case 'CACHED?':
      return l10n.t('The next build takes this step from the cache if what is said below holds.');
    case 'DEPENDS':
      return l10n.t('Cached if what is named below gives the same files again.');
    case 'RELINK':
      return l10n.t('The layer is reused on top of what changed below it.');
    case 'FREE':
      return l10n.t('Metadata only; costs nothing.');
    case 'SKIPPED':
      return l10n.t('The target does not need this step.');
    case 'ALWAYS':
      return l10n.t('This step is never looked up in the cache.');
    case 'UNKNOWN':
      return l10n.t('Nothing can be said yet.');
    case 'RUN':
    default:
      return l10n.t('The next build runs this step.');
  }
}

/** Reasons that name only a path or a variable, in the editor's language. */
const REASONS: { readonly [kind in ReasonKind]?: (subject: string) => string } = {
  'file-changed': (path) => l10n.t('{0} changed', path),
  'file-added': (path) => l10n.t('{0} is new', path),
  'file-removed': (path) => l10n.t('{0} was removed', path),
  'file-mode': (path) => l10n.t('permissions of {0} changed', path),
  arg: (name) => l10n.t('ARG {0} changed', name),
  heredoc: (name) => l10n.t('the content of heredoc {0} changed', name),
};

/** Reasons without a table entry, and those that say more than their subject, are said as core says them. */
function reasonText({ kind, path, arg, stage, line, text }: PreviewReason): string {
  if (kind === 'first-build') return l10n.t('not built here yet');
  if (kind === 'depends' && stage !== undefined) {
    return l10n.t('a hit if stage {0} yields the same files when it runs again', stage);
  }
  if (kind === 'depends' && line !== undefined) return l10n.t('a hit if line {0} is one', line);
  const subject = path ?? arg;
  return subject === undefined ? text : (REASONS[kind]?.(subject) ?? text);
}

function shorten(text: string): string {
  return text.length <= MAX_REASON ? text : `${text.slice(0, MAX_REASON - 1)}…`;
}

/** `0.4 s`, `12 s`, `3 min 20 s`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 100) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
