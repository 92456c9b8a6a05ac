/** What an SSH connection asks the user: trust in a host key, a passphrase, a password. Secrets are never kept. */

import * as vscode from 'vscode';

import type { SshPrompts } from '../../driver/ssh/prompts.ts';

export const sshPrompts: SshPrompts = {
  async trustHostKey({ host, keyType, fingerprint }) {
    const trust = vscode.l10n.t('Trust this host');
    const question = vscode.l10n.t('The identity of {0} is not known yet.', host);
    const detail = `${keyType}\n${fingerprint}`;
    return (await vscode.window.showWarningMessage(question, { modal: true, detail }, trust)) === trust;
  },
  passphrase: (keyFile) => askSecret(vscode.l10n.t('Passphrase of {0}', keyFile)),
  password: (user, host) => askSecret(vscode.l10n.t('Password of {0} on {1}', user, host)),
};

async function askSecret(prompt: string): Promise<string | undefined> {
  return vscode.window.showInputBox({ prompt, password: true, ignoreFocusOut: true });
}
