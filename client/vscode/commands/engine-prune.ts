/** Removes what nothing uses, after a question, and says how much became free. */

import * as vscode from 'vscode';

import { confirm } from '../ui/confirm.ts';
import type { Command } from './command.ts';

export const enginePrune: Command = {
  id: 'naru.engine.prune',
  async run({ session, tree, preview }) {
    const engine = await session.engine();
    const question = vscode.l10n.t(
      'Remove all stopped containers, unused networks, images without a name and unused build cache?',
    );
    if (!(await confirm(question, vscode.l10n.t('Remove')))) return;
    const options = {
      location: vscode.ProgressLocation.Window,
      title: vscode.l10n.t('Removing unused data'),
    };
    const bytes = await vscode.window.withProgress(options, () => engine.prune());
    tree.refresh();
    preview.refresh();
    void vscode.window.showInformationMessage(vscode.l10n.t('{0} MB became free.', (bytes / 1e6).toFixed(1)));
  },
};
