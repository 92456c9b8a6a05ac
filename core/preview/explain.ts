/** Why a step missed: its components beside those of the record it made last. */

import { flagOf, sourcesOf } from '../build/alike-instructions.ts';
import type { CacheRecord, ComponentKind, KeyComponent } from '../build/cache-record.ts';

import { cleanPath, treePath } from '../context/paths.ts';

import { heredocReason, heredocsIn } from './heredocs.ts';
import type { PreviewReason, ReasonKind } from './report.ts';

/** At most this many reasons of one kind are told; files are usually many. */
const MAX_PER_KIND = 5;

/** What the miss of a step is explained with. */
export interface Missed {
  readonly instruction: string;
  readonly components: readonly KeyComponent[];
  readonly previous: CacheRecord | undefined;
}

/**
 * `own` tells only what changed in the step itself, `all` also another image below it; nothing where no component differs.
 * Order: the image, files by path, then arguments and variables, then the rest.
 */
export function explainMiss(
  { instruction, components, previous }: Missed,
  scope: 'own' | 'all',
): readonly PreviewReason[] {
  if (previous === undefined) {
    return scope === 'own' ? [] : [{ kind: 'first-build', text: 'this step has not been built here' }];
  }
  const isOther = ({ kind }: KeyComponent): boolean => kind !== 'base';
  const steps = { now: instruction, before: previous.origin.instruction };
  const reasons = [
    ...fromReason(steps),
    ...linkReason(steps),
    ...orderReason(steps),
    ...compare(components.filter(isOther), previous.components.filter(isOther), steps),
  ];
  if (scope === 'own') return reasons;
  return [...baseReason(components, previous.components), ...reasons];
}

/** Records of earlier versions do not know their image. */
function baseReason(now: readonly KeyComponent[], before: readonly KeyComponent[]): readonly PreviewReason[] {
  const [newer, newKey] = now.find(({ kind }) => kind === 'base')?.value.split(' ') ?? [];
  const [older, oldKey] = before.find(({ kind }) => kind === 'base')?.value.split(' ') ?? [];
  if (newer === undefined || older === undefined || newKey === oldKey) return [];
  const text =
    newer === older ? `base image ${newer} changed` : `base image changed from ${older} to ${newer}`;
  return [{ kind: 'base', text }];
}

/** How the step is written, now and in the record. */
interface Steps {
  readonly now: string;
  readonly before: string;
}

/** Where a copy takes from is no component: what it takes there is. */
function fromReason({ now, before }: Steps): readonly PreviewReason[] {
  const [newer, older] = [flagOf(now, 'from'), flagOf(before, 'from')];
  if (newer === undefined || older === undefined || newer === older) return [];
  return [{ kind: 'flag', text: `--from changed from ${quote(older)} to ${quote(newer)}`, arg: 'from' }];
}

/** Of ADD, which may unpack what it takes, the order counts. */
function orderReason({ now, before }: Steps): readonly PreviewReason[] {
  const [newer, older] = [sourcesOf(now), sourcesOf(before)];
  if (!now.startsWith('ADD ') || newer === undefined || older === undefined) return [];
  if (String(newer) === String(older) || String(newer.toSorted()) !== String(older.toSorted())) return [];
  return [{ kind: 'flag', text: 'it takes its sources in another order', arg: 'sources' }];
}

/** Nor is it a component that a copy is laid over the filesystem, and not made in it. */
function linkReason({ now, before }: Steps): readonly PreviewReason[] {
  const isLinked = (instruction: string): boolean => {
    const value = flagOf(instruction, 'link');
    return value !== undefined && value.toLowerCase() !== 'false';
  };
  if (isLinked(now) === isLinked(before)) return [];
  return [{ kind: 'flag', text: `--link is ${isLinked(now) ? 'new' : 'gone'}`, arg: 'link' }];
}

function compare(
  now: readonly KeyComponent[],
  before: readonly KeyComponent[],
  steps: Steps,
): PreviewReason[] {
  const older = new Map(before.map((component) => [identity(component), component]));
  const newer = new Map(now.map((component) => [identity(component), component]));
  const reasons: PreviewReason[] = [];
  for (const component of now) {
    const old = older.get(identity(component));
    if (old === undefined) reasons.push(...told(component, undefined, component, steps));
    else if (old.value !== component.value) reasons.push(...told(component, old, component, steps));
  }
  for (const component of before) {
    if (!newer.has(identity(component))) reasons.push(...told(component, component, undefined, steps));
  }
  // A script that begins with `#!` is another command as well.
  // The files have the modes they had, and so have the folders that are made: what they get has changed.
  const chmod = reasons.find(isChmod);
  const isHeredoc = reasons.some(({ kind }) => kind === 'heredoc');
  const isTold = (reason: PreviewReason): boolean => {
    if (reason.kind === 'command') return !isHeredoc;
    return chmod === undefined || reason === chmod || (reason.kind !== 'file-mode' && !isChmod(reason));
  };
  return limited(deduplicated(sourcesTold(reasons.filter(isTold), steps)));
}

/** Another file is named: nothing of the files themselves has come or gone. */
function sourcesTold(reasons: readonly PreviewReason[], { now, before }: Steps): readonly PreviewReason[] {
  const [newer, older] = [sourcesOf(now), sourcesOf(before)];
  if (newer === undefined || older === undefined) return reasons;
  const more = newer.filter((source) => !older.includes(source));
  const less = older.filter((source) => !newer.includes(source));
  if (more.length === 0 && less.length === 0) return reasons;
  const inBoth = newer
    .filter((source) => older.includes(source))
    .map((source) => treePath(cleanPath(source)));
  const isNamed = ({ kind, path }: PreviewReason): boolean =>
    (kind === 'file-added' || kind === 'file-removed') &&
    !inBoth.some((source) => source === '' || path === source || path?.startsWith(`${source}/`));
  const kept = reasons.filter((reason) => !isNamed(reason));
  if (kept.length === reasons.length) return reasons;
  return [{ kind: 'flag', text: namesText(more, less), arg: 'sources' }, ...kept];
}

function namesText(more: readonly string[], less: readonly string[]): string {
  const [added, gone] = [more, less].map((names) => names.map(quote).join(' and '));
  if (less.length === 0) return `it names ${added} as well`;
  return more.length === 0 ? `it does not name ${gone} any more` : `it names ${added} instead of ${gone}`;
}

function isChmod({ kind, arg }: PreviewReason): boolean {
  return kind === 'flag' && arg === 'chmod';
}

function identity(component: KeyComponent): string {
  // A command's words are compared as a whole: word by word says nothing to a reader.
  return component.kind === 'command' ? `command ${component.name}` : `${component.kind} ${component.name}`;
}

function told(
  component: KeyComponent,
  old: KeyComponent | undefined,
  now: KeyComponent | undefined,
  steps: Steps,
): readonly PreviewReason[] {
  const { kind, name } = component;
  if (kind === 'file') return [fileReason(component, old, now, steps)];
  if (kind === 'flag' && name !== 'chown') return copyReason(name, old, now, steps);
  const change = old === undefined ? 'is new' : now === undefined ? 'is gone' : 'changed';
  switch (kind) {
    case 'arg':
      return [{ kind: 'arg', text: `ARG ${name} ${change}`, arg: name }];
    case 'env': {
      const values =
        old !== undefined && now !== undefined ? ` from ${quote(old.value)} to ${quote(now.value)}` : '';
      return [{ kind: 'env', text: `ENV ${name} ${change}${values}`, arg: name }];
    }
    case 'command':
      return [commandReason(old, now, steps)];
    case 'host':
      return [{ kind: 'option', text: `extra host ${name} ${change}`, arg: name }];
    case 'workdir':
    case 'user':
    case 'option':
    case 'mount':
    case 'flag':
    case 'destination':
    case 'base':
    case 'source':
    case 'platform':
      return [{ kind: reasonKind(kind), text: `${label(component)} ${change}${shown(old, now)}`, arg: name }];
  }
}

function commandReason(
  old: KeyComponent | undefined,
  now: KeyComponent | undefined,
  steps: Steps,
): PreviewReason {
  const isEdited = old === undefined || now === undefined || steps.now !== steps.before;
  if (isEdited) return { kind: 'command', text: 'the command changed' };
  // What is written is what it was: what it is given to is another.
  return heredocReason(steps.now, old, now) ?? { kind: 'command', text: 'the shell it runs in changed' };
}

/** A heredoc is a file with its name. */
function fileReason(
  component: KeyComponent,
  old: KeyComponent | undefined,
  now: KeyComponent | undefined,
  steps: Steps,
): PreviewReason {
  const path = (component.path ?? component.name) || '.';
  const names = heredocsIn(now === undefined ? steps.before : steps.now);
  if (/^(COPY|ADD) /.test(steps.now) && names.includes(path)) return inlineReason(path, old, now);
  if (old === undefined) return { kind: 'file-added', text: `${path} is new`, path };
  if (now === undefined) return { kind: 'file-removed', text: `${path} is gone`, path };
  const [oldKind, oldMode, oldOwner, oldSize] = old.value.split(' ');
  const [newKind, newMode, newOwner, newSize] = now.value.split(' ');
  if (oldKind !== newKind) {
    return { kind: 'file-changed', text: `${path} was a ${oldKind} and is a ${newKind}`, path };
  }
  if (old.value.split(' ')[4] === now.value.split(' ')[4] && oldMode !== newMode) {
    return { kind: 'file-mode', text: `${path} changed mode from ${oldMode} to ${newMode}`, path };
  }
  if (oldOwner !== newOwner) {
    return { kind: 'file-changed', text: `${path} changed owner from ${oldOwner} to ${newOwner}`, path };
  }
  const sizes = oldSize === newSize ? 'same size' : `${oldSize} to ${newSize} bytes`;
  return { kind: 'file-changed', text: `${path} changed (${sizes})`, path };
}

function inlineReason(
  name: string,
  old: KeyComponent | undefined,
  now: KeyComponent | undefined,
): PreviewReason {
  if (old === undefined) return { kind: 'file-added', text: `heredoc ${name} is new`, path: name };
  if (now === undefined) return { kind: 'file-removed', text: `heredoc ${name} is gone`, path: name };
  const [, oldMode, oldOwner, oldSize, oldContent] = old.value.split(' ');
  const [, newMode, newOwner, newSize, newContent] = now.value.split(' ');
  if (oldContent === newContent && (oldMode !== newMode || oldOwner !== newOwner)) {
    return { kind: 'file-mode', text: `mode or owner of heredoc ${name} changed`, path: name };
  }
  const sizes = oldSize === newSize ? 'same size' : `${oldSize} to ${newSize} bytes`;
  return { kind: 'heredoc', text: `the content of heredoc ${name} changed (${sizes})`, arg: name };
}

/** What a copy does with what it takes; of these only --chmod and --unpack are written as such. */
function copyReason(
  name: string,
  old: KeyComponent | undefined,
  now: KeyComponent | undefined,
  steps: Steps,
): readonly PreviewReason[] {
  if (name === 'chmod') return chmodReason(old?.value ?? '', now?.value ?? '');
  if (old === undefined || now === undefined) {
    return [{ kind: 'flag', text: 'what it takes comes from elsewhere than last time', arg: name }];
  }
  if (name === 'landing') return landingReasons(old, now, steps);
  if (name === 'directory') {
    const text =
      now.value === 'true'
        ? 'the destination is a directory now, by the slash at its end'
        : 'the destination has no slash at its end any more';
    return [{ kind: 'flag', text, arg: name }];
  }
  return [{ kind: 'flag', text: `--${name} changed${shown(old, now)}`, arg: name }];
}

/** Empty where it is not written. */
function chmodReason(old: string, now: string): readonly PreviewReason[] {
  if (old === now) return [];
  const change =
    old === '' ? `=${now} is new` : now === '' ? ' is gone' : ` changed from ${quote(old)} to ${quote(now)}`;
  return [{ kind: 'flag', text: `--chmod${change}`, arg: 'chmod' }];
}

/** The third word is the mode that folders get which are made, by --chmod (core/build/copy-components.ts). */
function landingReasons(old: KeyComponent, now: KeyComponent, steps: Steps): readonly PreviewReason[] {
  const [oldMode = '', newMode = ''] = [old, now].map(({ value }) => value.split(' ')[2]);
  if (oldMode === newMode) return [{ kind: 'flag', text: 'how the files land changed', arg: 'landing' }];
  const [before, after] = [flagOf(steps.before, 'chmod'), flagOf(steps.now, 'chmod')];
  // Where both say the same, an argument in it changed.
  return before === after ? chmodReason(oldMode, newMode) : chmodReason(before ?? '', after ?? '');
}

function reasonKind(kind: ComponentKind): ReasonKind {
  switch (kind) {
    case 'workdir':
      return 'workdir';
    case 'user':
      return 'user';
    case 'mount':
      return 'mount';
    case 'flag':
    case 'destination':
    case 'source':
      return 'flag';
    case 'base':
      return 'base';
    case 'file':
      return 'file-changed';
    case 'arg':
      return 'arg';
    case 'env':
      return 'env';
    case 'command':
      return 'command';
    case 'option':
    case 'host':
    case 'platform':
      return 'option';
  }
}

function label({ kind, name }: KeyComponent): string {
  switch (kind) {
    case 'workdir':
      return 'the working directory';
    case 'user':
      return 'the user';
    case 'platform':
      return 'the platform';
    case 'destination':
      return 'the destination';
    case 'mount':
      return `the mount at ${name}`;
    case 'flag':
      return `--${name}`;
    case 'source':
      return `the source's ${name}`;
    case 'base':
    case 'option':
    case 'host':
    case 'command':
    case 'arg':
    case 'env':
    case 'file':
      return name;
  }
}

function shown(old: KeyComponent | undefined, now: KeyComponent | undefined): string {
  if (old === undefined || now === undefined || now.kind === 'mount') return '';
  return ` from ${quote(old.value)} to ${quote(now.value)}`;
}

function quote(value: string): string {
  return value.length > 60 ? JSON.stringify(`${value.slice(0, 60)}…`) : JSON.stringify(value);
}

function deduplicated(reasons: readonly PreviewReason[]): readonly PreviewReason[] {
  return [...new Map(reasons.map((reason) => [reason.text, reason])).values()];
}

function limited(reasons: readonly PreviewReason[]): PreviewReason[] {
  const counts = new Map<ReasonKind, number>();
  const kept = reasons.filter((reason) => {
    const count = (counts.get(reason.kind) ?? 0) + 1;
    counts.set(reason.kind, count);
    return count <= MAX_PER_KIND;
  });
  const more = reasons.length - kept.length;
  const [first] = reasons;
  if (more === 0 || first === undefined) return kept;
  return [...kept, { kind: first.kind, text: `and ${more} more` }];
}
