/** Reaches the engine of an address, with the settings and the dialogs of this editor. */

import { join } from 'node:path';

import * as vscode from 'vscode';

import { EngineConnection } from '../../driver/engine/connection.ts';
import { openTarget } from '../../driver/targets/open.ts';
import { sshPrompts } from '../ui/ssh-prompts.ts';
import { driverEngine } from './driver-engine.ts';
import type { ConnectEngine } from './session.ts';

/** What takes time is told in the window's status bar and in the log. */
export function makeConnect(log: vscode.LogOutputChannel): ConnectEngine {
  return async (address, signal) => {
    const title = vscode.l10n.t('Naru: connecting to {0}', address);
    const options = { location: vscode.ProgressLocation.Window, title };
    return vscode.window.withProgress(options, async (progress) => {
      const target = await openTarget(address, {
        env: engineEnvironment(),
        prompts: sshPrompts,
        signal,
        onProgress(message) {
          log.info(message);
          progress.report({ message });
        },
      });
      try {
        return driverEngine(target, await EngineConnection.open(target.connect, signal));
      } catch (error) {
        await target.dispose();
        throw error;
      }
    });
  };
}

/** The process's environment, with what the settings say about the local engine. */
function engineEnvironment(): Readonly<Record<string, string | undefined>> {
  const settings = vscode.workspace.getConfiguration('naru');
  const root = settings.get<string>('engine.root') ?? '';
  const mirror = settings.get<string>('registryMirror') ?? '';
  return {
    ...process.env,
    ...(root === '' ? {} : { NARU_ROOT: root, NARU_SOCKET: join(root, 'naru.sock') }),
    ...(mirror === '' ? {} : { NARU_REGISTRY_MIRROR: mirror }),
  };
}
