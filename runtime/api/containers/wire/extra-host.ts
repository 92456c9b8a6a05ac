/** `HostConfig.ExtraHosts`: `name:address`, where the address may be `host-gateway`. */

import { isIP } from 'node:net';

import { NaruError } from '../../../../core/errors.ts';

/** @throws NaruError "invalid-argument" in the words of dockerd 28.5.2 */
export function checkExtraHosts(hosts: readonly string[] | undefined): void {
  for (const host of hosts ?? []) {
    const colon = host.indexOf(':');
    if (colon < 1) throw wrong(`bad format for add-host: ${JSON.stringify(host)}`);
    const address = host.slice(colon + 1).trim();
    if (address !== 'host-gateway' && isIP(address) === 0)
      throw wrong(`invalid IP address in add-host: ${JSON.stringify(address)}`);
  }
}

function wrong(message: string): NaruError {
  return new NaruError('invalid-argument', 'E_EXTRA_HOST', message);
}
