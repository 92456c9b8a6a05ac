/** `--network NAME` and its long form, `--network name=NAME,alias=A,ip=ADDRESS`, as docker's CLI reads them. */

import { NaruError } from '../../../core/errors.ts';
import type { NetworkRequest } from '../../driver/engine/container-spec.ts';
import type { RunFlags } from './run-flags.ts';

export type NetworkFlags = Pick<RunFlags, 'network' | 'net' | 'networkAlias' | 'netAlias' | 'ip' | 'ip6'>;

/** Every network; what `--network-alias` and `--ip` say is for the first. @throws NaruError "invalid-argument" E_USAGE */
export function networksOf(flags: NetworkFlags): readonly NetworkRequest[] {
  const aliases = [...flags.networkAlias, ...flags.netAlias];
  const [first, ...others] = [...flags.network, ...flags.net].map(parseNetworkFlag);
  const isSaid = aliases.length > 0 || flags.ip !== undefined || flags.ip6 !== undefined;
  if (first === undefined && !isSaid) return [];
  const network = first ?? { name: 'bridge', aliases: [] };
  refuseBoth(network.aliases.length > 0 && aliases.length > 0, '--network-alias', 'alias');
  refuseBoth(network.ipv4 !== undefined && flags.ip !== undefined, '--ip', 'IPv4 address');
  refuseBoth(network.ipv6 !== undefined && flags.ip6 !== undefined, '--ip6', 'IPv6 address');
  return [
    {
      ...network,
      aliases: [...network.aliases, ...aliases],
      ...(flags.ip === undefined ? {} : { ipv4: flags.ip }),
      ...(flags.ip6 === undefined ? {} : { ipv6: flags.ip6 }),
    },
    ...others,
  ];
}

function refuseBoth(areBoth: boolean, flag: string, part: string): void {
  if (!areBoth) return;
  const message = `conflicting options: cannot specify both ${flag} and per-network ${part}`;
  throw new NaruError('invalid-argument', 'E_USAGE', message);
}

function parseNetworkFlag(text: string): NetworkRequest {
  if (!text.includes('=')) return { name: text, aliases: [] };
  let request: NetworkRequest = { name: '', aliases: [] };
  for (const field of text.split(',')) {
    const [, key = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(field.trim()) ?? [];
    request = withField(request, key.toLowerCase(), value, text);
  }
  if (request.name === '') throw wrong(text, 'network name/id is not specified');
  return request;
}

function withField(request: NetworkRequest, key: string, value: string, text: string): NetworkRequest {
  switch (key) {
    case 'name':
      return { ...request, name: value };
    case 'alias':
      return { ...request, aliases: [...request.aliases, value] };
    case 'ip':
      return { ...request, ipv4: value };
    case 'ip6':
      return { ...request, ipv6: value };
    default:
      throw wrong(text, `invalid key ${key}, known are name, alias, ip and ip6`);
  }
}

function wrong(text: string, what: string): NaruError {
  return new NaruError(
    'invalid-argument',
    'E_USAGE',
    `invalid argument "${text}" for "--network" flag: ${what}`,
  );
}
