/** Runs an image: a new container in the background, its exposed ports published on the loopback. */

import * as vscode from 'vscode';

import type { ContainerInfo } from '../engine/engine.ts';
import { chooseImage } from '../ui/choose.ts';
import type { Command } from './command.ts';

export const imageRun: Command = {
  id: 'naru.image.run',
  async run({ session, tree }, argument) {
    const engine = await session.engine();
    const image = await chooseImage(engine, argument);
    if (image === undefined) return;
    const name = image.tags[0] ?? image.id;
    const options = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Starting {0}', name) };
    const container = await vscode.window.withProgress(options, () =>
      engine.run({ image: name, publishesAll: true }),
    );
    tree.refresh();
    await offerNext(container);
  },
};

async function offerNext(container: ContainerInfo): Promise<void> {
  const [port] = container.ports;
  const open = vscode.l10n.t('Open localhost:{0}', port?.hostPort ?? 0);
  const logs = vscode.l10n.t('Show Logs');
  const buttons = port === undefined ? [logs] : [open, logs];
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t('{0} is running', container.name),
    ...buttons,
  );
  if (answer === open) await vscode.commands.executeCommand('naru.container.open', container.id);
  if (answer === logs) await vscode.commands.executeCommand('naru.container.logs', container.id);
}
