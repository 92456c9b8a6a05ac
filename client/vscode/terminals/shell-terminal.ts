/** A terminal on a shell inside a container, over the Engine API's exec. */

import * as vscode from 'vscode';

import type { Engine, ShellSession } from '../engine/engine.ts';
import { errorText } from '../ui/errors.ts';

/** Used until the terminal says how large it is. */
const DEFAULT_SIZE = { columns: 80, rows: 24 };

/** Opens the terminal; it closes when the shell ends, and stays with a sentence when there is none. */
export function openShellTerminal(engine: Engine, containerId: string, name: string): vscode.Terminal {
  const written = new vscode.EventEmitter<string>();
  const closed = new vscode.EventEmitter<void>();
  let session: ShellSession | undefined;

  async function run(size: vscode.TerminalDimensions | undefined): Promise<void> {
    session = await engine.openShell(containerId, size ?? DEFAULT_SIZE);
    for await (const chunk of session.output) written.fire(chunk);
    // What was said must stay to be read.
    if (isNoShell(await session.exitCode())) fail(vscode.l10n.t('This container has no shell.'));
    else closed.fire();
  }
  function fail(text: string): void {
    written.fire(`\r\n\u001b[31m${text}\u001b[0m\r\n`);
  }
  const pty: vscode.Pseudoterminal = {
    onDidWrite: written.event,
    onDidClose: closed.event,
    open(size) {
      run(size).catch((error: unknown) => fail(errorText(error)));
    },
    handleInput: (data) => session?.write(data),
    setDimensions: (size) => session?.resize(size),
    close: () => session?.close(),
  };
  const terminal = vscode.window.createTerminal({ name, pty, iconPath: new vscode.ThemeIcon('terminal') });
  terminal.show();
  return terminal;
}

/** As shells and engines tell that a command cannot be run, or is not there. */
function isNoShell(exitCode: number | undefined): boolean {
  return exitCode === 126 || exitCode === 127;
}
