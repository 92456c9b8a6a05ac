/** Connects to the engine if needed and reads the view again. */

import type { Command } from './command.ts';

export const viewRefresh: Command = {
  id: 'naru.view.refresh',
  async run({ session, tree }) {
    await session.engine();
    tree.refresh();
  },
};
