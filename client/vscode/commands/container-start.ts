/** Starts a container that is stopped. */

import { chooseContainer } from '../ui/choose.ts';
import type { Command } from './command.ts';

export const containerStart: Command = {
  id: 'naru.container.start',
  async run({ session, tree }, argument) {
    const engine = await session.engine();
    const container = await chooseContainer(engine, argument, ({ isRunning }) => !isRunning);
    if (container === undefined) return;
    await engine.startContainer(container.id);
    tree.refresh();
  },
};
