/** Why a step missed: its components beside those of the record it made last. */

import type { CacheRecord, ComponentKind, KeyComponent } from '../build/cache-record.ts';

import type { PreviewReason, ReasonKind } from './report.ts';

/** At most this many reasons of one kind are told; files are usually many. */
const MAX_PER_KIND = 5;

/**
 * `own` tells only what changed in the step itself, `all` also another image below it; nothing where no component differs.
 * Order: the image, files by path, then arguments and variables, then the rest.
 */
export function explainMiss(
  components: readonly KeyComponent[],
  previous: CacheRecord | undefined,
  scope: 'own' | 'all',
): readonly PreviewReason[] {
  if (previous === undefined) {
    return scope === 'own' ? [] : [{ kind: 'first-build', text: 'this step has not been built here' }];
  }
  const isOther = ({ kind }: KeyComponent): boolean => kind !== 'base';
  const reasons = compare(components.filter(isOther), previous.components.filter(isOther));
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

function compare(now: readonly KeyComponent[], before: readonly KeyComponent[]): PreviewReason[] {
  const older = new Map(before.map((component) => [identity(component), component]));
  const newer = new Map(now.map((component) => [identity(component), component]));
  const reasons: PreviewReason[] = [];
  for (const component of now) {
    const old = older.get(identity(component));
    if (old === undefined) reasons.push(...told(component, undefined, component));
    else if (old.value !== component.value) reasons.push(...told(component, old, component));
  }
  for (const component of before) {
    if (!newer.has(identity(component))) reasons.push(...told(component, component, undefined));
  }
  return limited(deduplicated(reasons.filter(({ kind }) => kind !== 'file-mode' || !reasons.some(isChmod))));
}

/** The files have the modes they had; what they get has changed. */
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
): readonly PreviewReason[] {
  const { kind, name } = component;
  if (kind === 'file') return [fileReason(component, old, now)];
  if (kind === 'flag' && name === 'landing') return [landingReason(old, now)];
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
      return [{ kind: 'command', text: 'the command changed' }];
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

function fileReason(
  component: KeyComponent,
  old: KeyComponent | undefined,
  now: KeyComponent | undefined,
): PreviewReason {
  const path = component.path ?? component.name;
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

/** The third word is the mode that folders get which are made, by --chmod (core/build/copy-components.ts). */
function landingReason(old: KeyComponent | undefined, now: KeyComponent | undefined): PreviewReason {
  const [oldMode, newMode] = [old, now].map((component) => component?.value.split(' ')[2]);
  return oldMode === undefined || newMode === undefined || oldMode === newMode
    ? { kind: 'flag', text: 'how the files land changed', arg: 'landing' }
    : { kind: 'flag', text: `--chmod changed from ${oldMode} to ${newMode}`, arg: 'chmod' };
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
