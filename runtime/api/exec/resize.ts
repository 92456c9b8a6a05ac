/** `POST /exec/{id}/resize`. */

import { terminalSize } from '../containers/resize.ts';
import { empty, type Endpoint } from '../endpoint.ts';

export const execResize: Endpoint = {
  method: 'POST',
  path: '/exec/{id}/resize',
  handle: async ({ params, query }, { containers }) => {
    const { height, width } = terminalSize(query);
    await containers.execResize(params('id'), height, width);
    return empty(200);
  },
};
