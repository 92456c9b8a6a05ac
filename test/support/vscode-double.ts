/**
 * The part of VS Code's API that the extension's session, views and dialogs use, for tests without an editor.
 * Importing this file makes `import … from 'vscode'` resolve to it, so what is tested must be imported afterwards, by `await import()`.
 */

import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

interface Resolved {
  readonly url: string;
  readonly shortCircuit?: boolean;
}
type Resolve = (
  specifier: string,
  context: object,
  next: (specifier: string, context: object) => Resolved,
) => Resolved;

// Node 24 has it; the types that the tests share with Node 20 do not.
const registerHooks = Reflect.get(nodeModule, 'registerHooks') as (hooks: {
  readonly resolve: Resolve;
}) => void;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode' ? { url: import.meta.url, shortCircuit: true } : next(specifier, context),
});

/** What the editor showed, and what the user will answer. */
export const editor = {
  isTrusted: true,
  /** Texts of notifications and dialogs, in order. */
  shown: [] as string[],
  /** The button of the next dialogs; undefined closes them. */
  answers: [] as (string | undefined)[],
  contexts: new Map<string, unknown>(),
  settings: new Map<string, unknown>(),
  /** Of the workspace; files below are in it. */
  folder: '/ws',
  written: '',
  isTerminalClosed: false,
  pty: undefined as { open(size: undefined): void; close(): void } | undefined,
};

export function resetEditor(): void {
  Object.assign(editor, {
    isTrusted: true,
    shown: [],
    answers: [],
    written: '',
    isTerminalClosed: false,
    pty: undefined,
  });
  editor.contexts.clear();
  editor.settings.clear();
}

export class EventEmitter<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly event = (listener: (value: T) => void): { dispose(): void } => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

function show(text: string): Promise<string | undefined> {
  editor.shown.push(text);
  return Promise.resolve(editor.answers.shift());
}

export const window = {
  showInformationMessage: show,
  showWarningMessage: show,
  showErrorMessage: show,
  showQuickPick: (items: readonly unknown[]) => Promise.resolve(items[0]),
  withProgress: (_options: unknown, task: () => Promise<unknown>) => task(),
  createTerminal: ({
    pty,
  }: {
    pty: NonNullable<typeof editor.pty> & {
      onDidWrite: EventEmitter<string>['event'];
      onDidClose?: EventEmitter<void>['event'];
    };
  }) => {
    pty.onDidWrite((text) => (editor.written += text));
    pty.onDidClose?.(() => (editor.isTerminalClosed = true));
    editor.pty = pty;
    pty.open(undefined);
    return { show: () => undefined };
  },
};

const granted = new EventEmitter<void>();

/** As if the user trusted the workspace now. */
export function grantTrust(): void {
  editor.isTrusted = true;
  granted.fire();
}

export const workspace = {
  onDidGrantWorkspaceTrust: granted.event,
  get isTrusted(): boolean {
    return editor.isTrusted;
  },
  getConfiguration: () => ({
    get: (name: string) => editor.settings.get(name),
    update: async (name: string, value: unknown) => void editor.settings.set(name, value),
  }),
  openTextDocument: async (uri: Uri) => ({ uri, getText: () => '' }),
  getWorkspaceFolder: ({ fsPath }: Uri) =>
    fsPath.startsWith(`${editor.folder}/`) ? { uri: new Uri(editor.folder) } : undefined,
};

export const languages = { match: () => 0 };

/** Of a file, or of a document that is none yet. */
export class Uri {
  readonly fsPath: string;
  readonly scheme: string;

  constructor(fsPath: string, scheme = 'file') {
    this.fsPath = fsPath;
    this.scheme = scheme;
  }

  static parse(text: string): Uri {
    const [scheme = '', path = ''] = text.split(':');
    return scheme === 'file' ? new Uri(fileURLToPath(text)) : new Uri(path, scheme);
  }

  static file(path: string): Uri {
    return new Uri(path);
  }
}
export class RelativePattern {}

export const commands = {
  executeCommand: (name: string, key: string, value: unknown) => {
    if (name === 'setContext') editor.contexts.set(key, value);
    return Promise.resolve();
  },
};

export const l10n = {
  t: (text: string, ...values: readonly unknown[]) =>
    text.replaceAll(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)])),
};

export const ConfigurationTarget = { Global: 1, Workspace: 2, WorkspaceFolder: 3 };
export const ProgressLocation = { Window: 10, Notification: 15 };
export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };
export class ThemeIcon {}
export class ThemeColor {}
export class TreeItem {}
export class Disposable {}
