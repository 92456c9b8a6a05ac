/** Reaches the engine of an address, with the settings and the dialogs of this editor. */

import { join } from 'node:path';

import * as vscode from 'vscode';

import { NaruError } from '../../../core/errors.ts';
import { EngineConnection } from '../../driver/engine/connection.ts';
import { openTarget } from '../../driver/targets/open.ts';
import { sshPrompts } from '../ui/ssh-prompts.ts';
import { driverEngine } from './driver-engine.ts';
import type { Engine } from './engine.ts';
import type { ConnectEngine } from './session.ts';

/** What takes time is told in the status bar and in the log; over SSH, where files may have to be sent, in a notification with a cancel button. */
export function makeConnect(log: vscode.LogOutputChannel): ConnectEngine {
  return async (address, stopped) => {
    const title = vscode.l10n.t('Naru: connecting to {0}', address);
    const isDistant = address.startsWith('ssh://');
    const location = isDistant ? vscode.ProgressLocation.Notification : vscode.ProgressLocation.Window;
    const options = { location, title, cancellable: isDistant };
    return vscode.window.withProgress(options, async (progress, token) => {
      const cancelled = new AbortController();
      const subscription = token.onCancellationRequested(() => cancelled.abort());
      const signal = AbortSignal.any([stopped, cancelled.signal]);
      const report = (message: string): void => {
        log.info(message);
        progress.report({ message });
      };
      try {
        return await connect(address, signal, report);
      } catch (error) {
        if (!cancelled.signal.aborted) throw error;
        const message = vscode.l10n.t('connecting to {0} was cancelled', address);
        throw new NaruError('cancelled', 'E_CANCELLED', message, { cause: error });
      } finally {
        subscription.dispose();
      }
    });
  };
}

async function connect(
  address: string,
  signal: AbortSignal,
  onProgress: (message: string) => void,
): Promise<Engine> {
  const options = { env: engineEnvironment(), prompts: sshPrompts, signal, onProgress };
  const target = await openTarget(address, options);
  try {
    const connection = await EngineConnection.open(target.connect, {
      isDistant: target.kind === 'ssh',
      signal,
    });
    return driverEngine(target, connection);
  } catch (error) {
    await target.dispose();
    throw error;
  }
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
