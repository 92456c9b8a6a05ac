/** The texts of /etc/hosts, /etc/hostname and /etc/resolv.conf of a container; bind mounted over the image's. Pure. */

import type { Attachment } from '../../../net/networking.ts';

/** Their paths in every container that runs. */
export const ETC_FILES: readonly string[] = ['/etc/hosts', '/etc/hostname', '/etc/resolv.conf'];

/** What dockerd 28 writes above the container's own lines. */
const HOSTS_HEAD = `127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::\tip6-localnet
ff00::\tip6-mcastprefix
ff02::1\tip6-allnodes
ff02::2\tip6-allrouters
`;

export interface HostsOptions {
  /** What stands above all else; absent: what dockerd writes for a network of the container's own. */
  readonly head?: string;
  readonly hostname: string;
  readonly domainname: string;
  /** `name:ip`, `name=ip`; `host-gateway` for the address. */
  readonly extraHosts: readonly string[];
  /** Whole lines. */
  readonly links: readonly string[];
  readonly endpoints: Attachment['endpoints'];
}

export function hostsFile(options: HostsOptions): string {
  const gateway = options.endpoints[0]?.gateway ?? '127.0.0.1';
  const extra = options.extraHosts.map((entry) => {
    const at = entry.search(/[:=]/);
    const address = entry.slice(at + 1).replace(/^\[(.*)\]$/, '$1');
    return `${address === 'host-gateway' ? gateway : address}\t${entry.slice(0, at)}`;
  });
  const names = options.domainname === '' ? '' : `${options.hostname}.${options.domainname} `;
  const own = options.endpoints.map(({ ipv4Address }) => `${ipv4Address}\t${names}${options.hostname}`);
  const head = options.head ?? HOSTS_HEAD;
  const lines = [...extra, ...options.links, ...own].map((line) => `${line}\n`);
  return `${head}${head === '' || head.endsWith('\n') ? '' : '\n'}${lines.join('')}`;
}

export interface ResolvOptions {
  readonly nameservers: readonly string[];
  /** Absent: those of the host. */
  readonly search: readonly string[] | undefined;
  readonly options: readonly string[] | undefined;
  /** Text of the host's file. */
  readonly hostFile: string;
}

export function resolvFile(options: ResolvOptions): string {
  const host = options.hostFile.split('\n');
  const lineOf = (word: string): readonly string[] =>
    host
      .findLast((line) => line.startsWith(`${word} `))
      ?.split(/\s+/)
      .slice(1) ?? [];
  const search = options.search ?? lineOf('search');
  const given = options.options ?? lineOf('options');
  // Docker: with its own resolver a name without a dot is asked for as it is first, before the search list.
  const needsNdots =
    options.nameservers.includes('127.0.0.11') && !given.some((flag) => flag.startsWith('ndots:'));
  const flags = needsNdots ? [...given, 'ndots:0'] : given;
  return [
    ...options.nameservers.map((server) => `nameserver ${server}`),
    // Docker: a single dot means "no search list".
    ...(search.length === 0 || search.join(' ') === '.' ? [] : [`search ${search.join(' ')}`]),
    ...(flags.length === 0 ? [] : [`options ${flags.join(' ')}`]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
