/** Shows the log of the extension and its engine. */

import type { Command } from './command.ts';

export const engineLog: Command = {
  id: 'naru.engine.log',
  async run({ log }) {
    log.show();
  },
};
