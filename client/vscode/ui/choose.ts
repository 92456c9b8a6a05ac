/** Finds what a command is about: the tree node it was called on, or what the user picks. */

import * as vscode from 'vscode';

import type { ContainerInfo, Engine, ImageInfo } from '../engine/engine.ts';

/** The container of a tree node; without one, the user picks among those that fit. Undefined when nothing was picked. */
export async function chooseContainer(
  engine: Engine,
  argument: unknown,
  isFitting: (container: ContainerInfo) => boolean = () => true,
): Promise<ContainerInfo | undefined> {
  const wanted = idOf(argument, 'container');
  const containers = (await engine.containers()).filter(isFitting);
  const none = vscode.l10n.t('There is no such container.');
  if (wanted !== undefined)
    return found(
      containers.find(({ id }) => id === wanted),
      none,
    );
  const items = containers.map((container) => ({
    label: container.name,
    description: `${container.image} · ${container.status}`,
    value: container,
  }));
  return choose(items, vscode.l10n.t('Select a container'), none);
}

/** The same for images. */
export async function chooseImage(engine: Engine, argument: unknown): Promise<ImageInfo | undefined> {
  const wanted = idOf(argument, 'image');
  const images = await engine.images();
  if (wanted !== undefined) {
    const image = images.find(({ id, tags }) => id === wanted || tags.includes(wanted));
    return found(image, vscode.l10n.t('There is no such image any more.'));
  }
  const items = images.map((image) => ({
    label: image.tags[0] ?? image.id.slice(7, 19),
    description: `${(image.sizeBytes / 1e6).toFixed(1)} MB`,
    value: image,
  }));
  return choose(
    items,
    vscode.l10n.t('Select an image'),
    vscode.l10n.t('There is no image yet. Build one first.'),
  );
}

/** What the view still shows may be gone, or in another state, by the time somebody clicks on it. */
function found<T>(value: T | undefined, none: string): T | undefined {
  if (value === undefined) void vscode.window.showInformationMessage(none);
  return value;
}

async function choose<T>(
  items: readonly (vscode.QuickPickItem & { readonly value: T })[],
  placeHolder: string,
  none: string,
): Promise<T | undefined> {
  if (items.length === 0) {
    void vscode.window.showInformationMessage(none);
    return undefined;
  }
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.value;
}

/** Tree nodes carry the object, callers of the API its id. */
function idOf(argument: unknown, kind: 'container' | 'image'): string | undefined {
  if (typeof argument === 'string') return argument;
  if (typeof argument !== 'object' || argument === null || !(kind in argument)) return undefined;
  const value: unknown = Reflect.get(argument, kind);
  if (typeof value !== 'object' || value === null) return undefined;
  const id: unknown = Reflect.get(value, 'id');
  return typeof id === 'string' ? id : undefined;
}
