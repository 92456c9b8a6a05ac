/** Chooses the build context and the stage of a Dockerfile, and keeps them in the settings of its workspace folder. */

import * as path from 'node:path';

import * as vscode from 'vscode';

import { readDockerfile } from '../../../core/dockerfile/read.ts';
import { NaruError } from '../../../core/errors.ts';
import { entryPath, foldersAround, withChoice } from '../build/choice.ts';
import { placeOf } from '../build/document-build.ts';
import { readBuildEntries } from '../build/entries.ts';
import { type BuildSettings, decideBuild, type DockerfilePlace } from '../build/settings.ts';
import { chooseDockerfile, dockerfileArgument } from '../ui/choose-dockerfile.ts';
import type { Command } from './command.ts';

export const contextChoose: Command = {
  id: 'naru.context.choose',
  async run(_parts, argument) {
    const given = dockerfileArgument(argument);
    const document = await chooseDockerfile(given);
    if (document === undefined) return;
    const place = placeOf(document);
    refuseWithoutSettings(document);
    const settings = vscode.workspace.getConfiguration('naru', document.uri);
    const entries = readBuildEntries(settings.get('builds'));
    const now = decideBuild(entries, place);
    const context = given.context ?? (await chooseContext(place, now));
    if (context === undefined) return;
    // A lens that names the context asks nothing.
    const stage = given.context === undefined ? await chooseStage(document, now) : (now.target ?? LAST_STAGE);
    if (stage === undefined) return;
    const choice = { context, ...(stage === LAST_STAGE ? {} : { target: stage }) };
    const chosen = withChoice(entries, place, choice);
    await settings.update('builds', chosen, vscode.ConfigurationTarget.WorkspaceFolder);
  },
};

/** No name of a stage is empty. */
const LAST_STAGE = '';

/** What restricted mode hides of the settings would be written over. @throws NaruError "forbidden", "invalid-argument" */
function refuseWithoutSettings(document: vscode.TextDocument): void {
  if (vscode.workspace.getWorkspaceFolder(document.uri) === undefined) {
    const message = `${path.basename(document.uri.fsPath)} lies in no folder of this workspace, whose settings would keep its build context`;
    throw new NaruError('invalid-argument', 'E_NO_FOLDER', message, { hint: 'open its folder first' });
  }
  if (!vscode.workspace.isTrusted) {
    const message = 'the settings of a workspace that is not trusted are not written';
    throw new NaruError('forbidden', 'E_UNTRUSTED', message, { hint: 'trust the workspace first' });
  }
}

/** As an entry has it; undefined when nothing was picked. */
async function chooseContext(place: DockerfilePlace, now: BuildSettings): Promise<string | undefined> {
  const current = entryPath(place.folder, now.contextDirectory);
  const around = foldersAround(place);
  const folders = around.includes(current) ? around : [...around, current];
  const own = around.at(-1);
  const items: (vscode.QuickPickItem & { folder?: string })[] = folders.map((folder) => {
    const marks = [
      ...(folder === '.' ? [vscode.l10n.t('the workspace folder')] : []),
      ...(folder === own ? [vscode.l10n.t('the folder of the Dockerfile')] : []),
      ...(folder === current ? [vscode.l10n.t('now')] : []),
    ];
    return { label: folder, description: marks.join(' · '), folder };
  });
  items.push({ label: vscode.l10n.t('Another folder…') });
  const file = entryPath(place.folder, place.file);
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Build context of {0}', file),
    placeHolder: vscode.l10n.t('The folder whose files the build may read'),
  });
  if (picked === undefined) return undefined;
  return picked.folder ?? askFolder(place.folder, now);
}

async function askFolder(folder: string, now: BuildSettings): Promise<string | undefined> {
  const [picked] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      defaultUri: vscode.Uri.file(now.contextDirectory),
      openLabel: vscode.l10n.t('Use as Build Context'),
    })) ?? [];
  return picked === undefined ? undefined : entryPath(folder, picked.fsPath);
}

/** A name or LAST_STAGE; undefined when nothing was picked. Where no stage has a name there is nothing to ask. */
async function chooseStage(document: vscode.TextDocument, now: BuildSettings): Promise<string | undefined> {
  const { stages } = readDockerfile(document.getText()).value;
  const names = stages.flatMap(({ name }) => (name === undefined ? [] : [name]));
  if (names.length === 0) return LAST_STAGE;
  const mark = (isNow: boolean): string => (isNow ? vscode.l10n.t('now') : '');
  const items = [
    {
      label: vscode.l10n.t('The last stage'),
      description: mark(now.target === undefined),
      stage: LAST_STAGE,
    },
    ...names.map((name) => ({
      label: name,
      description: mark(now.target?.toLowerCase() === name.toLowerCase()),
      stage: name,
    })),
  ];
  const placeHolder = vscode.l10n.t('The stage to build');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.stage;
}
