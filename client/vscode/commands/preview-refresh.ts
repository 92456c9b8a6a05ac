/** Looks again at files and cache. */

import type { Command } from './command.ts';

export const previewRefresh: Command = {
  id: 'naru.preview.refresh',
  async run({ session, preview }) {
    await session.engine();
    preview.refresh();
  },
};
