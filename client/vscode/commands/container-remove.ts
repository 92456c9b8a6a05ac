/** Removes a container with what was written in it, after a question. */

import * as vscode from 'vscode';

import { chooseContainer } from '../ui/choose.ts';
import { confirm } from '../ui/confirm.ts';
import type { Command } from './command.ts';

export const containerRemove: Command = {
  id: 'naru.container.remove',
  async run({ session, tree }, argument) {
    const engine = await session.engine();
    const container = await chooseContainer(engine, argument);
    if (container === undefined) return;
    const question = container.isRunning
      ? vscode.l10n.t('{0} is running. Remove it anyway?', container.name)
      : vscode.l10n.t('Remove the container {0} and what was written in it?', container.name);
    if (!(await confirm(question, vscode.l10n.t('Remove')))) return;
    await engine.removeContainer(container.id);
    tree.refresh();
  },
};
