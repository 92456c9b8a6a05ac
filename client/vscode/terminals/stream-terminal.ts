/** A terminal that only shows: logs of a container, output of a build. Closing it ends what feeds it. */

import * as vscode from 'vscode';

import { errorText } from '../ui/errors.ts';

/** Writes lines into a terminal; a lone newline starts a new row at its first column. */
export type WriteOutput = (text: string) => void;

/**
 * Opens the terminal and runs `feed` in it. `feed` gets a signal that is aborted when the user closes the terminal.
 * The terminal stays when `feed` is done, so that its output can be read; a failure is its last line.
 */
export function openStreamTerminal(
  name: string,
  icon: string,
  feed: (write: WriteOutput, signal: AbortSignal) => Promise<void>,
): vscode.Terminal {
  const written = new vscode.EventEmitter<string>();
  const controller = new AbortController();
  const write: WriteOutput = (text) => written.fire(text.replace(/\r?\n/g, '\r\n'));
  const pty: vscode.Pseudoterminal = {
    onDidWrite: written.event,
    open() {
      void feed(write, controller.signal).catch((error: unknown) => {
        if (!controller.signal.aborted) write(`\u001b[31m${errorText(error)}\u001b[0m\n`);
      });
    },
    close() {
      controller.abort();
    },
  };
  const terminal = vscode.window.createTerminal({ name, pty, iconPath: new vscode.ThemeIcon(icon) });
  terminal.show(true);
  return terminal;
}
