/** Finds the Dockerfile that a command is about. */

import * as vscode from 'vscode';

/** What a lens passes along with the Dockerfile. */
export interface DockerfileArgument {
  readonly uri?: string;
  readonly target?: string;
  readonly context?: string;
}

/** A lens passes `{ uri, … }`, a menu a URI, the palette nothing. */
export function dockerfileArgument(argument: unknown): DockerfileArgument {
  if (argument instanceof vscode.Uri) return { uri: argument.toString() };
  if (typeof argument !== 'object' || argument === null) return {};
  return {
    ...textField(argument, 'uri'),
    ...textField(argument, 'target'),
    ...textField(argument, 'context'),
  };
}

/** The one that was passed, else the one in the editor, else the first of the workspace; undefined, and said so, when there is none. */
export async function chooseDockerfile({
  uri,
}: DockerfileArgument): Promise<vscode.TextDocument | undefined> {
  if (uri !== undefined) return vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  const active = vscode.window.activeTextEditor?.document;
  if (active?.languageId === 'dockerfile') return active;
  const [first] = await vscode.workspace.findFiles('**/{Dockerfile,Containerfile}', '**/node_modules/**', 1);
  if (first !== undefined) return vscode.workspace.openTextDocument(first);
  void vscode.window.showInformationMessage(vscode.l10n.t('Open a Dockerfile first.'));
  return undefined;
}

function textField<K extends keyof DockerfileArgument>(
  from: object,
  key: K,
): { readonly [key in K]?: string } {
  const value: unknown = Reflect.get(from, key);
  // The one key that the caller named.
  return typeof value === 'string' ? ({ [key]: value } as { readonly [key in K]: string }) : {};
}
