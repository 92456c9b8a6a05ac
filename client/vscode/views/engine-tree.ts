/** The view of containers and images. It is read again when the engine says that something changed. */

import * as vscode from 'vscode';

import { isErrorKind } from '../../../core/errors.ts';
import type { ContainerInfo, Engine, ImageInfo } from '../engine/engine.ts';
import type { EngineSession } from '../engine/session.ts';

export type TreeNode =
  | { readonly kind: 'group'; readonly group: 'containers' | 'images' }
  | { readonly kind: 'container'; readonly container: ContainerInfo }
  | { readonly kind: 'image'; readonly image: ImageInfo };

/** Events come in bursts; the tree is read once when they pause. */
const PAUSE_MS = 150;

/** Kinds of events that change what the tree shows. */
const SHOWN: ReadonlySet<string> = new Set(['container', 'image', 'network']);

export class EngineTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly #session: EngineSession;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #subscriptions: vscode.Disposable[];
  #pause: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(session: EngineSession) {
    this.#session = session;
    this.#subscriptions = [
      session.onDidChange(() => this.refresh()),
      session.onEvent((event) => {
        if (SHOWN.has(event.type)) this.#refreshSoon();
      }),
    ];
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  dispose(): void {
    clearTimeout(this.#pause);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    switch (node.kind) {
      case 'group':
        return groupItem(node.group);
      case 'container':
        return containerItem(node.container);
      case 'image':
        return imageItem(node.image);
    }
  }

  /** Nothing without an engine: then the view shows its welcome text. */
  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    const { state } = this.#session;
    if (state.kind !== 'running') return [];
    if (node === undefined) {
      return [
        { kind: 'group', group: 'containers' },
        { kind: 'group', group: 'images' },
      ];
    }
    if (node.kind !== 'group') return [];
    try {
      return await membersOf(state.engine, node.group);
    } catch (error) {
      // The session tells that the engine is gone, and the view follows it.
      if (isErrorKind(error, 'unavailable')) return [];
      throw error;
    }
  }

  #refreshSoon(): void {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.refresh(), PAUSE_MS);
  }
}

async function membersOf(engine: Engine, group: 'containers' | 'images'): Promise<TreeNode[]> {
  if (group === 'containers') {
    const containers = await engine.containers();
    return containers.map((container) => ({ kind: 'container', container }));
  }
  const images = await engine.images();
  return images.map((image) => ({ kind: 'image', image }));
}

function groupItem(group: 'containers' | 'images'): vscode.TreeItem {
  const isContainers = group === 'containers';
  const label = isContainers ? vscode.l10n.t('Containers') : vscode.l10n.t('Images');
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = group;
  item.iconPath = new vscode.ThemeIcon(isContainers ? 'vm' : 'layers');
  return item;
}

function containerItem(container: ContainerInfo): vscode.TreeItem {
  const item = new vscode.TreeItem(container.name);
  item.id = `container ${container.id}`;
  const ports = container.ports.map((port) => `${port.hostPort}→${port.containerPort}`);
  item.description = [container.image, container.status, ports.join(' ')]
    .filter((part) => part !== '')
    .join(' · ');
  item.tooltip = `${container.id.slice(0, 12)}\n${item.description}`;
  const color = container.isRunning ? 'testing.iconPassed' : 'disabledForeground';
  item.iconPath = new vscode.ThemeIcon(
    container.isRunning ? 'circle-filled' : 'circle-outline',
    new vscode.ThemeColor(color),
  );
  item.contextValue = contextValue(container);
  return item;
}

/** What menus ask for; see `view/item/context` in package.json. */
function contextValue({ isRunning, ports }: ContainerInfo): string {
  if (!isRunning) return 'naru.container.stopped';
  return ports.length > 0 ? 'naru.container.running.ports' : 'naru.container.running';
}

function imageItem(image: ImageInfo): vscode.TreeItem {
  const item = new vscode.TreeItem(image.tags[0] ?? image.id.replace('sha256:', '').slice(0, 12));
  item.id = `image ${image.id}`;
  item.description = `${(image.sizeBytes / 1e6).toFixed(1)} MB`;
  item.tooltip = [...image.tags, image.id, image.createdAt.toLocaleString()].join('\n');
  item.iconPath = new vscode.ThemeIcon('package');
  item.contextValue = 'naru.image';
  return item;
}
