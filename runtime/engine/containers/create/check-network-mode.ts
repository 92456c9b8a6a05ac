/** What a container cannot have that uses another's network, refused in dockerd's words (moby runconfig/hostconfig_unix.go; 28.5.2, measured). */

import { NaruError } from '../../../../core/errors.ts';
import type { CreateRequest } from '../requests.ts';

/** Of the request alone: ports that an image exposes are no conflict. @throws NaruError "invalid-argument" */
export function checkNetworkMode({ config, host }: CreateRequest): void {
  if (host.utsMode === 'host' && (config.hostname ?? '') !== '') throw conflict('hostname and the UTS mode');
  const mode = host.networkMode ?? '';
  if (mode === 'host' && (host.links ?? []).length > 0) throw conflict(linksIn('host type networking'));
  if (!mode.startsWith('container:')) return;
  if ((config.hostname ?? '') !== '') throw conflict('hostname and the network mode');
  if ((host.links ?? []).length > 0) throw conflict(linksIn('container type network'));
  if ((host.dns ?? []).length > 0) throw conflict('dns and the network mode');
  if ((host.extraHosts ?? []).length > 0) throw conflict('custom host-to-IP mapping and the network mode');
  if ((host.portBindings ?? []).length > 0 || host.publishAllPorts === true) {
    throw conflict('port publishing and the container type network mode');
  }
  if ((config.exposedPorts ?? []).length > 0) {
    throw conflict('port exposing and the container type network mode');
  }
}

function linksIn(network: string): string {
  return `${network} can't be used with links. This would result in undefined behavior`;
}

function conflict(what: string): NaruError {
  return new NaruError('invalid-argument', 'E_NETWORK_MODE', `conflicting options: ${what}`);
}
