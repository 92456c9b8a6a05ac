/** Writes a container's /etc files into its state directory. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Attachment } from '../../../net/networking.ts';
import type { ContainerRecord } from '../container.ts';
import type { ContainerParts } from '../parts.ts';
import { hostsFile, resolvFile } from './etc-files.ts';
import { linkedHosts } from './links.ts';

/** Directory with hosts, hostname and resolv.conf; of the other container when the network is shared. */
export function etcDirectory(parts: ContainerParts, record: ContainerRecord): string {
  const joined = /^container:(.+)$/.exec(record.host.networkMode ?? '')?.[1];
  const id = joined === undefined ? record.id : parts.table.get(joined).id;
  return join(parts.options.stateDir, id);
}

export function writeEtcFiles(
  parts: ContainerParts,
  record: ContainerRecord,
  attachment: Attachment | undefined,
): void {
  const { config, host } = record;
  if (host.networkMode?.startsWith('container:') === true) return;
  const directory = etcDirectory(parts, record);
  const hostname = config.hostname ?? '';
  const hosts = hostsFile({
    // Docker: on the host's network the host's own names count.
    ...(host.networkMode === 'host' ? { head: textOf('/etc/hosts') } : {}),
    hostname,
    domainname: config.domainname ?? '',
    extraHosts: host.extraHosts ?? [],
    links: linkedHosts(parts, record, attachment),
    endpoints: attachment?.endpoints ?? [],
  });
  writeFileSync(join(directory, 'hosts'), hosts);
  writeFileSync(join(directory, 'hostname'), `${hostname}\n`);
  writeFileSync(join(directory, 'resolv.conf'), resolvText(record, attachment));
}

function resolvText(record: ContainerRecord, attachment: Attachment | undefined): string {
  const { dns = [], dnsSearch = [], dnsOptions = [], networkMode } = record.host;
  const hostFile = textOf('/etc/resolv.conf');
  const servers = attachment?.nameservers ?? [];
  const nameservers = servers.length > 0 ? servers : dns;
  if (networkMode === 'host' && dns.length + dnsSearch.length + dnsOptions.length === 0) return hostFile;
  return resolvFile({
    nameservers,
    search: dnsSearch.length > 0 ? dnsSearch : undefined,
    options: dnsOptions.length > 0 ? dnsOptions : undefined,
    hostFile,
  });
}

/** '' where the host has no such file. */
function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** As `inspect` shows them. */
export function etcPaths(
  parts: ContainerParts,
  record: ContainerRecord,
): { readonly resolvConf: string; readonly hostname: string; readonly hosts: string } {
  const directory = join(parts.options.stateDir, record.id);
  return {
    resolvConf: join(directory, 'resolv.conf'),
    hostname: join(directory, 'hostname'),
    hosts: join(directory, 'hosts'),
  };
}
