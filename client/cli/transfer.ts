/** What is told about an image on its way from or to a registry: lines whose status changed, byte counts left out. */

import type { Writable } from 'node:stream';

import { isErrorKind } from '../../core/errors.ts';
import type { ProgressMessage } from '../driver/engine/progress.ts';
import { noRegistries } from './absent-verbs.ts';

/** Until the transfer ends; without an output it is only followed. @throws NaruError as the transfer; "unimplemented" from an engine that asks no registry */
export async function printTransfer(
  messages: AsyncIterable<ProgressMessage>,
  output: Writable | undefined,
): Promise<void> {
  const last = new Map<string, string>();
  try {
    for await (const { id, status } of messages) {
      if (status === '' || last.get(id) === status) continue;
      last.set(id, status);
      output?.write(`${id === '' ? '' : `${id}: `}${status}\n`);
    }
  } catch (error) {
    throw isErrorKind(error, 'unimplemented') ? noRegistries(error) : error;
  }
}
