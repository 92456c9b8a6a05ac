/** Names of networks to their ids, for containers that are not attached at the moment. */

import type { Networks } from '../../../engine/networks/networks.ts';

/** Id of a network by name; '' when there is none. */
export type NetworkIdOf = (name: string) => string;

/** Reads the networks once, for as many containers as are shown. */
export function networkIds(networks: Networks): NetworkIdOf {
  const ids = new Map(networks.list().map(({ name, id }) => [name, id]));
  return (name) => ids.get(name) ?? '';
}
