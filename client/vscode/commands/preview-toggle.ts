/** Shows or hides the cache preview. */

import * as vscode from 'vscode';

import { targetOf } from '../ui/settings-target.ts';
import type { Command } from './command.ts';

export const previewToggle: Command = {
  id: 'naru.preview.toggle',
  async run() {
    const settings = vscode.workspace.getConfiguration('naru');
    const isEnabled = settings.get<boolean>('preview.enabled') ?? true;
    await settings.update('preview.enabled', !isEnabled, targetOf(settings, 'preview.enabled'));
  },
};
