/** `GET /containers/{id}/changes`. */

import type { PathChange } from '../../engine/containers/requests.ts';
import { json, type Endpoint } from '../endpoint.ts';

export const containerChanges: Endpoint = {
  method: 'GET',
  path: '/containers/{id}/changes',
  handle: async ({ params }, { containers }) => {
    const changes = await containers.changes(params('id'));
    const rows = changes.map(({ path, kind }) => ({ Path: path, Kind: kindNumber(kind) }));
    return json(rows.length === 0 ? null : rows);
  },
};

function kindNumber(kind: PathChange['kind']): number {
  switch (kind) {
    case 'modified':
      return 0;
    case 'added':
      return 1;
    case 'deleted':
      return 2;
  }
}
