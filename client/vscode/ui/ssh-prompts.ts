/** What an SSH connection asks the user: trust in a host key, a passphrase, a password. Secrets are never kept. */

import * as vscode from 'vscode';

import type { Asking, SshPrompts } from '../../driver/ssh/prompts.ts';

export const sshPrompts: SshPrompts = {
  async trustHostKey({ host, keyType, fingerprint }) {
    const trust = vscode.l10n.t('Trust this host');
    const question = vscode.l10n.t('The identity of {0} is not known yet.', host);
    const detail = `${keyType}\n${fingerprint}`;
    return (await vscode.window.showWarningMessage(question, { modal: true, detail }, trust)) === trust;
  },
  passphrase: (keyFile, asking) => askSecret(vscode.l10n.t('Passphrase of {0}', keyFile), asking),
  password: (user, host, asking) => askSecret(vscode.l10n.t('Password of {0} on {1}', user, host), asking),
};

async function askSecret(prompt: string, { isAgain, signal }: Asking = {}): Promise<string | undefined> {
  const withdrawal = new vscode.CancellationTokenSource();
  const withdraw = (): void => withdrawal.cancel();
  signal?.addEventListener('abort', withdraw, { once: true });
  try {
    return await vscode.window.showInputBox(
      {
        prompt,
        password: true,
        ignoreFocusOut: true,
        ...(isAgain ? { title: vscode.l10n.t('That was not it. Try again.') } : {}),
      },
      withdrawal.token,
    );
  } finally {
    signal?.removeEventListener('abort', withdraw);
    withdrawal.dispose();
  }
}
