/** Removes an image, after a question. */

import * as vscode from 'vscode';

import { chooseImage } from '../ui/choose.ts';
import { confirm } from '../ui/confirm.ts';
import type { Command } from './command.ts';

export const imageRemove: Command = {
  id: 'naru.image.remove',
  async run({ session, tree }, argument) {
    const engine = await session.engine();
    const image = await chooseImage(engine, argument);
    if (image === undefined) return;
    const name = image.tags[0] ?? image.id.slice(7, 19);
    if (!(await confirm(vscode.l10n.t('Remove the image {0}?', name), vscode.l10n.t('Remove')))) return;
    await engine.removeImage(image.id);
    tree.refresh();
  },
};
