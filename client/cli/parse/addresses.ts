/** Flags that hold addresses: `--add-host`, `--dns` and `--mac-address`, checked in the words of docker's CLI (28.5.2). */

import { isIP } from 'node:net';

import { NaruError } from '../../../core/errors.ts';

export interface ExtraHost {
  readonly name: string;
  /** Without brackets; `host-gateway` is the host. */
  readonly address: string;
}

/** `name:address` or `name=address`; an IPv6 address may stand in brackets. @throws NaruError "invalid-argument" */
export function parseExtraHost(text: string): ExtraHost {
  const [, name = '', written = ''] = /^([^:=]*)[:=](.*)$/.exec(text) ?? [];
  if (name === '') throw wrong('--add-host', `bad format for add-host: ${JSON.stringify(text)}`);
  const address = written.replace(/^\[(.*)\]$/, '$1');
  if (address !== 'host-gateway' && isIP(address) === 0)
    throw wrong('--add-host', `invalid IP address in add-host: ${JSON.stringify(written)}`);
  return { name, address };
}

/** @throws NaruError "invalid-argument" */
export function parseNameServer(text: string): string {
  const address = text.trim();
  if (isIP(address) === 0) throw wrong('--dns', `IP address is not correctly formatted: ${text}`);
  return address;
}

/** With colons, however it was written (`-`, or dots between fours). @throws NaruError "invalid-argument" */
export function parseMacAddress(text: string): string {
  const isAddress = /^(?:[\da-f]{2}([:-])(?:[\da-f]{2}\1){4}[\da-f]{2}|(?:[\da-f]{4}\.){2}[\da-f]{4})$/i.test(
    text,
  );
  if (!isAddress) throw wrong('--mac-address', `${text} is not a valid mac address`);
  return text.replaceAll(/[:.-]/g, '').replaceAll(/..(?!$)/g, '$&:');
}

function wrong(flag: string, message: string): NaruError {
  return new NaruError('invalid-argument', 'E_IP_ADDRESS', `${flag}: ${message}`);
}
