/** Ports as Docker writes them: `80`, `80/tcp`, host ports and host port ranges. */

import type { PortBindingBody } from '../../../../core/engine-api/container-config.ts';
import { NaruError } from '../../../../core/errors.ts';
import type { PortBinding } from '../../../net/networking.ts';

/** `80` and `80/TCP` become `80/tcp`. @throws invalid-argument in Docker's words */
export function normalizePort(text: string): string {
  const { containerPort, protocol } = readPort(text);
  return `${containerPort}/${protocol}`;
}

/** `PortBindings` of a HostConfig, in the order of the body. A port with an empty list gets one ephemeral binding. */
export function portsFromWire(
  bindings: Readonly<Record<string, readonly PortBindingBody[]>>,
): readonly PortBinding[] {
  return Object.entries(bindings).flatMap(([port, list]) => {
    const { containerPort, protocol } = readPort(port);
    const wanted = list.length === 0 ? [{ HostIp: '', HostPort: '' }] : list;
    return wanted.map(({ HostIp, HostPort }) => ({
      containerPort,
      protocol,
      hostIp: HostIp,
      ...readHostPorts(HostPort),
    }));
  });
}

function readPort(text: string): { readonly containerPort: number; readonly protocol: 'tcp' | 'udp' } {
  const [number = '', given = 'tcp'] = text.split('/');
  const protocol = given.toLowerCase();
  if (!isPort(number)) throw wrong(`invalid port specification: "${text}"`);
  if (protocol !== 'tcp' && protocol !== 'udp') throw wrong(`invalid proto "${given}" in port "${text}"`);
  return { containerPort: Number(number), protocol };
}

/** A range `8000-8010` leaves the choice to the engine. */
function readHostPorts(text: string): Pick<PortBinding, 'hostPort' | 'lastHostPort'> {
  if (text === '' || text === '0') return { hostPort: 0 };
  const [first = '', last = first] = text.split('-');
  if (!isPort(first) || !isPort(last) || Number(last) < Number(first)) {
    throw wrong(`invalid port specification: "${text}"`);
  }
  const hostPort = Number(first);
  return first === last ? { hostPort } : { hostPort, lastHostPort: Number(last) };
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}

function wrong(text: string): NaruError {
  return new NaruError('invalid-argument', 'E_PORT', text);
}
