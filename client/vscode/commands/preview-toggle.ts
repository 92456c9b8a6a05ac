/** Shows or hides the cache preview, for this user. */

import * as vscode from 'vscode';

import type { Command } from './command.ts';

export const previewToggle: Command = {
  id: 'naru.preview.toggle',
  async run() {
    const settings = vscode.workspace.getConfiguration('naru');
    const isEnabled = settings.get<boolean>('preview.enabled') ?? true;
    await settings.update('preview.enabled', !isEnabled, vscode.ConfigurationTarget.Global);
  },
};
