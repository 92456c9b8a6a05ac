/** The status bar item: which engine is selected and how it is. A click selects another. */

import * as vscode from 'vscode';

import type { EngineSession, EngineState } from '../engine/session.ts';
import { errorText } from './errors.ts';

/** Follows the session until it is disposed. */
export function showEngineStatus(session: EngineSession): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('naru.engine', vscode.StatusBarAlignment.Left, 10);
  item.name = 'Naru';
  item.command = 'naru.target.select';
  const update = (state: EngineState): void => {
    item.text = `${ICONS[state.kind]} Naru: ${session.address}`;
    item.tooltip = tooltip(state);
    item.backgroundColor =
      state.kind === 'failed' ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
  };
  update(session.state);
  item.show();
  return vscode.Disposable.from(item, session.onDidChange(update));
}

const ICONS: Readonly<Record<EngineState['kind'], string>> = {
  stopped: '$(circle-outline)',
  starting: '$(loading~spin)',
  running: '$(package)',
  failed: '$(warning)',
};

function tooltip(state: EngineState): string {
  switch (state.kind) {
    case 'stopped':
      return state.lost === undefined
        ? vscode.l10n.t('The engine is not connected yet')
        : errorText(state.lost);
    case 'starting':
      return vscode.l10n.t('Connecting to the engine');
    case 'running':
      return vscode.l10n.t('Connected to {0} ({1})', state.engine.name, state.engine.platform.architecture);
    case 'failed':
      return errorText(state.error);
  }
}
