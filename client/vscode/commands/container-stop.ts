/** Stops a container: asks it to end, and ends it when it does not. */

import * as vscode from 'vscode';

import { chooseContainer } from '../ui/choose.ts';
import type { Command } from './command.ts';

export const containerStop: Command = {
  id: 'naru.container.stop',
  async run({ session, tree }, argument) {
    const engine = await session.engine();
    const container = await chooseContainer(engine, argument, ({ isRunning }) => isRunning);
    if (container === undefined) return;
    const title = vscode.l10n.t('Stopping {0}', container.name);
    const options = { location: vscode.ProgressLocation.Window, title };
    await vscode.window.withProgress(options, () => engine.stopContainer(container.id));
    tree.refresh();
  },
};
