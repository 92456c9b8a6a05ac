/** A terminal on a shell inside a container, over the Engine API's exec. */

import * as vscode from 'vscode';

import type { Engine, ShellSession } from '../engine/engine.ts';

/** Used until the terminal says how large it is. */
const DEFAULT_SIZE = { columns: 80, rows: 24 };

/** Opens the terminal; it closes when the shell ends. */
export function openShellTerminal(engine: Engine, containerId: string, name: string): vscode.Terminal {
  const written = new vscode.EventEmitter<string>();
  const closed = new vscode.EventEmitter<void>();
  let session: ShellSession | undefined;

  async function run(size: vscode.TerminalDimensions | undefined): Promise<void> {
    session = await engine.openShell(containerId, size ?? DEFAULT_SIZE);
    for await (const chunk of session.output) written.fire(chunk);
    closed.fire();
  }
  const pty: vscode.Pseudoterminal = {
    onDidWrite: written.event,
    onDidClose: closed.event,
    open(size) {
      run(size).catch((error: unknown) => {
        written.fire(`\u001b[31m${error instanceof Error ? error.message : String(error)}\u001b[0m\r\n`);
      });
    },
    handleInput: (data) => session?.write(data),
    setDimensions: (size) => session?.resize(size),
    close: () => session?.close(),
  };
  const terminal = vscode.window.createTerminal({ name, pty, iconPath: new vscode.ThemeIcon('terminal') });
  terminal.show();
  return terminal;
}
