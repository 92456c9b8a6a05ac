/** Values of container filters that can be wrong by themselves, refused in the words of dockerd 28.5.2: a list that is empty for a typing error says nothing. */

import { NaruError } from '../../../../core/errors.ts';
import { booleanFilter } from '../../filters/boolean-filter.ts';
import type { Filters } from '../requests.ts';

/** @throws NaruError "invalid-argument" for the first value that no container can have */
export function checkFilterValues(filters: Filters): void {
  booleanFilter(filters, 'is-task');
  for (const [key, values] of filters) {
    for (const value of values) {
      const fault = faultOf(key, value);
      if (fault !== undefined) throw new NaruError('invalid-argument', 'E_FILTER', fault);
    }
  }
}

function faultOf(key: string, value: string): string | undefined {
  switch (key) {
    case 'status':
      return wordFault(key, 'state', value, STATES);
    case 'health':
      return wordFault(key, 'health', value, HEALTHS);
    case 'exited': {
      const fault = integerFault(value);
      return (
        fault && `invalid filter 'exited=${value}': strconv.Atoi: parsing ${JSON.stringify(value)}: ${fault}`
      );
    }
    case 'publish':
    case 'expose': {
      const fault = portsFault(value);
      // Docker answers 500 here, though the request is at fault.
      return fault && `error while looking up for ${key} ${value}: ${fault}`;
    }
    default:
      return undefined;
  }
}

const STATES = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'];
const HEALTHS = ['none', 'starting', 'healthy', 'unhealthy'];

function wordFault(key: string, what: string, value: string, words: readonly string[]): string | undefined {
  if (words.includes(value)) return undefined;
  return `invalid filter '${key}=${value}': invalid value for ${what} (${value}): must be one of ${words.join(', ')}`;
}

function integerFault(text: string): string | undefined {
  if (!/^[+-]?\d+$/.test(text)) return 'invalid syntax';
  return BigInt.asIntN(64, BigInt(text)) === BigInt(text) ? undefined : 'value out of range';
}

/** `80`, `80/tcp`, `8000-8080`. */
function portsFault(text: string): string | undefined {
  if (text === '') return 'Empty string specified for ports.';
  const [ports = ''] = text.split('/');
  const parts = ports.split('-');
  for (const part of parts) {
    const fault = /^\d+$/.test(part)
      ? Number(part) > 65535
        ? 'value out of range'
        : undefined
      : 'invalid syntax';
    if (fault !== undefined) return `strconv.ParseUint: parsing ${JSON.stringify(part)}: ${fault}`;
  }
  const [first, last = first] = parts.map(Number);
  const isRange = first !== undefined && last !== undefined && first <= last;
  return isRange ? undefined : `Invalid range specified for the Port: ${ports}`;
}
