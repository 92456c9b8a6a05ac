/** Removes an image under all of its names, after a question. */

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
    const shown = image.tags.length === 0 ? image.id.slice(7, 19) : image.tags.join(', ');
    if (!(await confirm(vscode.l10n.t('Remove the image {0}?', shown), vscode.l10n.t('Remove')))) return;
    try {
      // By its ID an image with several names could only be removed by force.
      for (const name of image.tags.length === 0 ? [image.id] : image.tags) await engine.removeImage(name);
    } finally {
      tree.refresh();
    }
  },
};
