/** Removes a container; asks first when it is running. */

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
    const question = vscode.l10n.t('{0} is running. Remove it anyway?', container.name);
    if (container.isRunning && !(await confirm(question, vscode.l10n.t('Remove')))) return;
    await engine.removeContainer(container.id);
    tree.refresh();
  },
};
