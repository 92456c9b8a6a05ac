/** Opens a published port of a container in the browser, wherever the editor itself runs. */

import * as vscode from 'vscode';

import type { PublishedPort } from '../engine/engine.ts';
import { chooseContainer } from '../ui/choose.ts';
import type { Command } from './command.ts';

export const containerOpen: Command = {
  id: 'naru.container.open',
  async run({ session }, argument) {
    const engine = await session.engine();
    const container = await chooseContainer(
      engine,
      argument,
      ({ isRunning, ports }) => isRunning && ports.length > 0,
    );
    const port = container === undefined ? undefined : await choosePort(container.ports);
    if (port === undefined) return;
    // Under Remote-SSH or WSL "localhost" is the remote's, so the editor translates the address.
    const uri = await vscode.env.asExternalUri(vscode.Uri.parse(`http://localhost:${port.hostPort}/`));
    await vscode.env.openExternal(uri);
  },
};

async function choosePort(ports: readonly PublishedPort[]): Promise<PublishedPort | undefined> {
  if (ports.length < 2) return ports[0];
  const items = ports.map((port) => ({
    label: `localhost:${port.hostPort}`,
    description: `${port.containerPort}/${port.protocol}`,
    port,
  }));
  const placeHolder = vscode.l10n.t('Select a port');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.port;
}
