/** Docker's filters for listing and pruning networks (dockerd 28, Engine API 1.47). Values of a key are alternatives, keys must all hold; labels must all hold as well. */

import { NaruError } from '../../../core/errors.ts';
import type { Network } from '../../net/network.ts';
import { hasLabel } from '../has-label.ts';

export type NetworkFilters = ReadonlyMap<string, readonly string[]>;

export interface FilterableNetwork extends Network {
  readonly members: readonly unknown[];
}

/** @throws NaruError kind "invalid-argument" for a key or value that Docker does not know */
export function matchesNetwork(network: FilterableNetwork, filters: NetworkFilters): boolean {
  if ((filters.get('dangling') ?? []).length > 1) {
    const message = 'got more than one value for filter key "dangling"';
    throw new NaruError('invalid-argument', 'E_FILTER', message);
  }
  for (const [key, values] of filters) {
    const holds = (value: string): boolean => matchesFilter(network, key, value);
    // Every value is looked at, so that a wrong one is refused even when another matches.
    const results = values.map(holds);
    const isMatch = key === 'label' || key === 'label!' ? results.every(Boolean) : results.some(Boolean);
    if (values.length > 0 && !isMatch) return false;
  }
  return true;
}

function matchesFilter(network: FilterableNetwork, key: string, value: string): boolean {
  switch (key) {
    case 'id':
      return network.id.startsWith(value);
    case 'name':
      return network.name.includes(value);
    case 'driver':
      return network.driver === value;
    case 'scope':
      return value === 'local';
    case 'label':
      return hasLabel(network.labels, value);
    case 'label!':
      return !hasLabel(network.labels, value);
    case 'type':
      return isPredefined(network) === isBuiltin(value);
    case 'dangling':
      return (!isPredefined(network) && network.members.length === 0) === isTrue(value);
    default:
      throw new NaruError('invalid-argument', 'E_FILTER', `invalid filter '${key}'`);
  }
}

function isPredefined(network: Network): boolean {
  return ['bridge', 'host', 'none'].includes(network.name);
}

function isBuiltin(value: string): boolean {
  if (value === 'builtin') return true;
  if (value === 'custom') return false;
  throw new NaruError('invalid-argument', 'E_FILTER', `invalid filter: 'type'='${value}'`);
}

function isTrue(value: string): boolean {
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  const message = `invalid value for filter 'dangling', must be "true" (or "1"), or "false" (or "0")`;
  throw new NaruError('invalid-argument', 'E_FILTER', message);
}
