/**
 * `--link NAME[:ALIAS]`: another container on the same network under an alias, in /etc/hosts.
 * On the default network also as Docker's variables (`DB_PORT_5432_TCP_ADDR`), and the other one must run (dockerd 28.5.2).
 */

import { isErrorKind, NaruError } from '../../../../core/errors.ts';
import type { Attachment } from '../../../net/networking.ts';
import type { ContainerEntry } from '../container-entry.ts';
import type { ContainerRecord, HostOptions } from '../container.ts';
import type { ContainerParts } from '../parts.ts';

/** Before anything is made. @throws NaruError "invalid-argument" when one of them is not there */
export function checkLinks(parts: ContainerParts, { links = [] }: HostOptions): void {
  for (const { name } of links.map(parseLink)) {
    try {
      parts.table.get(name);
    } catch (cause) {
      if (!isErrorKind(cause, 'not-found')) throw cause;
      const message = `could not get container for ${name}: ${cause.message}`;
      throw new NaruError('invalid-argument', 'E_LINK', message, { cause });
    }
  }
}

/** Lines of /etc/hosts: address, alias, hostname and name of every linked container that runs on a network of ours. */
export function linkedHosts(
  parts: ContainerParts,
  record: ContainerRecord,
  attachment: Attachment | undefined,
): readonly string[] {
  return linked(parts, record, attachment).flatMap(({ alias, entry, address }) => {
    if (address === undefined) return [];
    const names = new Set([alias, entry.record.config.hostname ?? '', entry.record.name]);
    return [`${address}\t${[...names].filter((name) => name !== '').join(' ')}`];
  });
}

/** Variables of linked containers, on the default network only. @throws NaruError "conflict" when one of them does not run there */
export function linkedEnvironment(
  parts: ContainerParts,
  record: ContainerRecord,
  attachment: Attachment | undefined,
): readonly string[] {
  if (!isOnDefault(record)) return [];
  return linked(parts, record, attachment).flatMap(({ alias, entry, address }) => {
    const path = `/${record.name}/${alias}`;
    if (!entry.record.networks.some(({ network }) => network === 'bridge')) {
      const message = `Cannot link to /${entry.record.name}, as it does not belong to the default network`;
      throw new NaruError('conflict', 'E_LINK', message);
    }
    if (address === undefined) {
      const message = `Cannot link to a non running container: /${entry.record.name} AS ${path}`;
      throw new NaruError('conflict', 'E_LINK', message);
    }
    return variables(alias.replaceAll('-', '_').toUpperCase(), path, address, entry.record);
  });
}

interface Linked {
  readonly alias: string;
  readonly entry: ContainerEntry;
  /** On a network that both are on. */
  readonly address: string | undefined;
}

function linked(
  parts: ContainerParts,
  record: ContainerRecord,
  attachment: Attachment | undefined,
): readonly Linked[] {
  const own = new Set(attachment?.endpoints.map(({ networkId }) => networkId));
  const texts = new Set([
    ...(record.host.links ?? []),
    ...record.networks.flatMap(({ links = [] }) => links),
  ]);
  return [...texts].map(parseLink).flatMap(({ name, alias }) => {
    const entry = parts.table.all().find((other) => other.record.name === name || other.id.startsWith(name));
    if (entry === undefined) return [];
    const endpoints = entry.isRunning ? (entry.record.attachment?.endpoints ?? []) : [];
    return [{ alias, entry, address: endpoints.find(({ networkId }) => own.has(networkId))?.ipv4Address }];
  });
}

function variables(
  prefix: string,
  path: string,
  address: string,
  record: ContainerRecord,
): readonly string[] {
  const ports = (record.config.exposedPorts ?? [])
    .map((text) => text.split('/'))
    .map(([port = '', protocol = 'tcp']) => ({ port, protocol }))
    .toSorted((a, b) => Number(a.port) - Number(b.port));
  const url = (port: string, protocol: string): string => `${protocol}://${address}:${port}`;
  const [first] = ports;
  return [
    ...(first === undefined ? [] : [`${prefix}_PORT=${url(first.port, first.protocol)}`]),
    ...ports.flatMap(({ port, protocol }) => {
      const key = `${prefix}_PORT_${port}_${protocol.toUpperCase()}`;
      return [
        `${key}=${url(port, protocol)}`,
        `${key}_ADDR=${address}`,
        `${key}_PORT=${port}`,
        `${key}_PROTO=${protocol}`,
      ];
    }),
    `${prefix}_NAME=${path}`,
    ...(record.config.env ?? [])
      .filter((text) => !/^(?:HOME|PATH)=/.test(text))
      .map((text) => `${prefix}_ENV_${text}`),
  ];
}

/** `NAME`, `NAME:ALIAS`, or as inspect of dockerd shows it: `/NAME:/OWN/ALIAS`. */
function parseLink(text: string): { readonly name: string; readonly alias: string } {
  const [first = '', second] = text.split(':');
  const name = first.replace(/^\//, '');
  return { name, alias: second?.split('/').at(-1) ?? name };
}

function isOnDefault({ host: { networkMode = '' } }: ContainerRecord): boolean {
  return ['', 'default', 'bridge'].includes(networkMode);
}
