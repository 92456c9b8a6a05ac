/** Where a setting is written: over the value that counts, or else for this user. */

import * as vscode from 'vscode';

/** A value of the workspace hides that of the user, so that writing the latter would do nothing. */
export function targetOf(settings: vscode.WorkspaceConfiguration, name: string): vscode.ConfigurationTarget {
  const found = settings.inspect(name);
  const isOfWorkspace = found?.workspaceValue !== undefined;
  return isOfWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
}
