/** What is told about an image on its way from or to a registry: lines whose status changed, byte counts left out. */

import type { Writable } from 'node:stream';

import type { ProgressMessage } from '../driver/engine/progress.ts';

/** Until the transfer ends; without an output it is only followed. @throws NaruError as the transfer */
export async function printTransfer(
  messages: AsyncIterable<ProgressMessage>,
  output: Writable | undefined,
): Promise<void> {
  const last = new Map<string, string>();
  for await (const { id, status } of messages) {
    if (status === '' || last.get(id) === status) continue;
    last.set(id, status);
    output?.write(`${id === '' ? '' : `${id}: `}${status}\n`);
  }
}
