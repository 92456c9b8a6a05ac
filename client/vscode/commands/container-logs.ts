/** Shows what a container writes, from its start and as it goes on. */

import * as vscode from 'vscode';

import { openStreamTerminal } from '../terminals/stream-terminal.ts';
import { chooseContainer } from '../ui/choose.ts';
import type { Command } from './command.ts';

export const containerLogs: Command = {
  id: 'naru.container.logs',
  async run({ session }, argument) {
    const engine = await session.engine();
    const container = await chooseContainer(engine, argument);
    if (container === undefined) return;
    openStreamTerminal(vscode.l10n.t('Logs: {0}', container.name), 'output', async (write, signal) => {
      for await (const text of engine.logs(container.id, signal)) write(text);
    });
  },
};
