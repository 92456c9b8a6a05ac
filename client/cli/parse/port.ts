/** `-p [ip:][hostPort:]containerPort[/protocol]`, ranges included, as docker's CLI reads it. */

import { isIP } from 'node:net';

import { NaruError } from '../../../core/errors.ts';
import type { PortRequest } from '../../driver/engine/container-spec.ts';

/** A range gives one request per port. @throws NaruError "invalid-argument" */
export function parsePort(text: string): readonly PortRequest[] {
  const match = /^(?:(\[[^\]]+\]|[^:]*):)?(?:(\d*(?:-\d+)?):)?(\d+)(?:-(\d+))?(?:\/(tcp|udp|sctp))?$/.exec(
    withHostPart(text),
  );
  if (!match) throw wrong(text);
  const [, ip, host = '', first = '', last = first, protocol = 'tcp'] = match;
  const [from, to] = [Number(first), Number(last)];
  const [hostFrom = '', hostTo = hostFrom] = host.split('-');
  const count = to - from + 1;
  const isRangePaired = hostFrom !== '' && Number(hostTo) - Number(hostFrom) + 1 === count;
  const address = ip?.replace(/^\[|\]$/g, '') ?? '';
  if (address !== '' && isIP(address) === 0) throw wrong(text);
  if (from < 1 || to > 65_535 || count < 1 || Number(hostTo || 0) > 65_535) throw wrong(text);
  if (host !== '' && count > 1 && !isRangePaired) throw wrong(text);
  return Array.from({ length: count }, (_, index) => ({
    containerPort: from + index,
    protocol: protocolOf(protocol),
    hostPort: isRangePaired ? String(Number(hostFrom) + index) : host,
    ...(address === '' ? {} : { hostIp: address }),
  }));
}

/** `8080:80` has no address: a leading colon makes the parts line up. */
function withHostPart(text: string): string {
  const [head = ''] = text.split('/');
  const nColons = head.replace(/\[[^\]]*\]/, '').split(':').length - 1;
  return nColons === 1 ? `:${text}` : text;
}

function protocolOf(text: string): PortRequest['protocol'] {
  return text === 'udp' || text === 'sctp' ? text : 'tcp';
}

function wrong(text: string): NaruError {
  return new NaruError('invalid-argument', 'E_PORT', `invalid port ${JSON.stringify(text)}`, {
    hint: 'write -p 8080:80, -p 127.0.0.1:8080:80 or -p 80',
  });
}
