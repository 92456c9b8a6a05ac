/** The build of an open Dockerfile, as its settings have it. */

import * as path from 'node:path';

import * as vscode from 'vscode';

import { NaruError } from '../../../core/errors.ts';
import { readBuildEntries } from './entries.ts';
import { type BuildSettings, decideBuild, type DockerfilePlace } from './settings.ts';

/** @throws NaruError "invalid-argument" E_BUILDS for a setting that makes no sense, E_NO_FILE as `placeOf` does */
export function buildSettingsOf(document: vscode.TextDocument): BuildSettings {
  const value: unknown = vscode.workspace.getConfiguration('naru', document.uri).get('builds');
  return decideBuild(readBuildEntries(value), placeOf(document));
}

/**
 * Outside of every workspace folder entries are relative to the Dockerfile's own.
 *
 * @throws NaruError "invalid-argument" E_NO_FILE for what was never saved: the folder of its name is the one that the editor happens to run in
 */
export function placeOf(document: vscode.TextDocument): DockerfilePlace {
  const file = document.uri.fsPath;
  if (document.uri.scheme !== 'file') {
    const name = path.basename(file);
    const message = vscode.l10n.t('{0} is no file yet, and a build reads the folder of its Dockerfile', name);
    throw new NaruError('invalid-argument', 'E_NO_FILE', message, { hint: vscode.l10n.t('save it first') });
  }
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
