/** Opens a shell in a running container. */

import { openShellTerminal } from '../terminals/shell-terminal.ts';
import { chooseContainer } from '../ui/choose.ts';
import type { Command } from './command.ts';

export const containerShell: Command = {
  id: 'naru.container.shell',
  async run({ session }, argument) {
    const engine = await session.engine();
    const container = await chooseContainer(engine, argument, ({ isRunning }) => isRunning);
    if (container === undefined) return;
    openShellTerminal(engine, container.id, container.name);
  },
};
