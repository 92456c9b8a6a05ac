/** `POST /containers/{id}/resize`: the size of the terminal, in characters. */

import { NaruError } from '../../../core/errors.ts';
import { empty, type Endpoint } from '../endpoint.ts';
import type { Query } from '../query.ts';

export const containerResize: Endpoint = {
  method: 'POST',
  path: '/containers/{id}/resize',
  handle: async ({ params, query }, { containers }) => {
    const { height, width } = terminalSize(query);
    await containers.resize(params('id'), height, width);
    return empty(200);
  },
};

/** `h` and `w`; also for exec. @throws invalid-argument when one is missing */
export function terminalSize(query: Query): { readonly height: number; readonly width: number } {
  const height = query.integer('h');
  const width = query.integer('w');
  if (height === undefined || width === undefined) {
    throw new NaruError('invalid-argument', 'E_TERMINAL_SIZE', 'the height h and the width w are required');
  }
  return { height, width };
}
