/** The build of an open Dockerfile, as its settings have it. */

import * as path from 'node:path';

import * as vscode from 'vscode';

import { readBuildEntries } from './entries.ts';
import { type BuildSettings, decideBuild, type DockerfilePlace } from './settings.ts';

/** @throws NaruError "invalid-argument" E_BUILDS for a setting that makes no sense */
export function buildSettingsOf(document: vscode.TextDocument): BuildSettings {
  const value: unknown = vscode.workspace.getConfiguration('naru', document.uri).get('builds');
  return decideBuild(readBuildEntries(value), placeOf(document));
}

/** Outside of every workspace folder entries are relative to the Dockerfile's own. */
export function placeOf(document: vscode.TextDocument): DockerfilePlace {
  const file = document.uri.fsPath;
  const folder = vscode.workspace.getWorkspaceFolder(document.uri)?.uri.fsPath ?? path.dirname(file);
  return {
    file,
    folder,
    isFoundBy: (glob) => {
      const pattern = new vscode.RelativePattern(vscode.Uri.file(folder), glob);
      return vscode.languages.match({ pattern }, document) > 0;
    },
  };
}
