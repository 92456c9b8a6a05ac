/** Selects where containers are built and run. */

import { existsSync } from 'node:fs';

import * as vscode from 'vscode';

import { targetOf } from '../ui/settings-target.ts';
import type { Command } from './command.ts';

/** Where Docker Engine and Podman usually listen. */
const KNOWN_SOCKETS = ['/var/run/docker.sock', '/run/podman/podman.sock'];

export const targetSelect: Command = {
  id: 'naru.target.select',
  async run({ session }) {
    const address = await chooseAddress(session.address);
    if (address === undefined || address === session.address) return;
    const settings = vscode.workspace.getConfiguration('naru');
    await settings.update('target', address, targetOf(settings, 'target'));
    // The change of the setting disconnects; connecting right away shows whether the choice works.
    await session.engine();
  },
};

async function chooseAddress(current: string): Promise<string | undefined> {
  const sockets = KNOWN_SOCKETS.filter((path) => existsSync(path));
  const items: (vscode.QuickPickItem & { address?: string })[] = [
    {
      label: vscode.l10n.t('This machine'),
      description: vscode.l10n.t('with the bundled engine'),
      address: 'local',
    },
    ...sockets.map((path) => ({
      label: path,
      description: vscode.l10n.t('an engine that is already here'),
      address: `unix://${path}`,
    })),
    { label: vscode.l10n.t('A Linux host over SSH…') },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t('Where containers are built and run (now: {0})', current),
  });
  if (picked === undefined) return undefined;
  return picked.address ?? askHost();
}

async function askHost(): Promise<string | undefined> {
  const host = await vscode.window.showInputBox({
    prompt: vscode.l10n.t('Host as for ssh: a name of your SSH configuration, or user@host'),
    placeHolder: 'user@host',
    validateInput: (value) =>
      /^[^\s/]+$/.test(value.trim()) ? undefined : vscode.l10n.t('This is no host.'),
  });
  return host === undefined ? undefined : `ssh://${host.trim()}`;
}
