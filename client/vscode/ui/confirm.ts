/** A question before something that can't be undone. */

import * as vscode from 'vscode';

/** True when the user pressed the button; a dialog that was closed is a no. */
export async function confirm(question: string, button: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(question, { modal: true }, button)) === button;
}
