/**
 * The text of an engine's nft table: NAT, published ports, isolation between bridges. Pure.
 * One table per engine, replaced as a whole in one transaction when networks change; ports are map elements, added one by one.
 */

export interface FirewallNetwork {
  readonly bridge: string;
  readonly subnet: string;
  /** No way out, and none in. */
  readonly isInternal: boolean;
  readonly hasMasquerade: boolean;
  /** Containers on it may talk to each other. */
  readonly hasInterContainer: boolean;
}

/** One IPv4 port of the host that leads to a container. */
export interface FirewallPort {
  readonly protocol: 'tcp' | 'udp';
  /** `0.0.0.0` is every address of the host. */
  readonly hostIp: string;
  readonly hostPort: number;
  readonly address: string;
  readonly containerPort: number;
}

/** Replaces the table with one that says exactly this. */
export function replaceTable(
  table: string,
  networks: readonly FirewallNetwork[],
  ports: readonly FirewallPort[],
): string {
  return `${dropTable(table)}table ip ${table} {
  map any_ports { type inet_proto . inet_service : ipv4_addr . inet_service; }
  map address_ports { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }
  chain raw_in { type filter hook prerouting priority raw; policy accept;
${indent(networks.map(protectLoopback))}  }
  chain nat_in { type nat hook prerouting priority dstnat; policy accept;
${indent(TO_PUBLISHED)}  }
  chain nat_local { type nat hook output priority -100; policy accept;
${indent(TO_PUBLISHED)}  }
  chain nat_out { type nat hook postrouting priority srcnat; policy accept;
${indent(networks.flatMap(sourceNat))}  }
  chain pass { type filter hook forward priority filter; policy accept;
    ct state established,related accept
${indent([...networks.flatMap(intoBridge), ...networks.flatMap(outOfBridge)])}  }
}
${ports.map((port) => addPort(table, port)).join('')}`;
}

/** Removes the table; no error when there is none. */
export function dropTable(table: string): string {
  return `table ip ${table}\ndelete table ip ${table}\n`;
}

export function addPort(table: string, port: FirewallPort): string {
  return `add element ip ${table} ${element(port)} : ${port.address} . ${port.containerPort} }\n`;
}

export function removePort(table: string, port: FirewallPort): string {
  return `delete element ip ${table} ${element(port)} }\n`;
}

/** What the container's own namespace needs so that 127.0.0.11:53 reaches the engine's resolver and port 53 stays free there. */
export function resolverTable(resolverPort: number): string {
  return `table ip naru_dns {
  chain nat_local { type nat hook output priority -100; policy accept;
    ip daddr 127.0.0.11 udp dport 53 dnat to 127.0.0.11:${resolverPort}
    ip daddr 127.0.0.11 tcp dport 53 dnat to 127.0.0.11:${resolverPort}
  }
}
`;
}

const TO_PUBLISHED = [
  'dnat ip to ip daddr . meta l4proto . th dport map @address_ports',
  'fib daddr type local dnat ip to meta l4proto . th dport map @any_ports',
];

function element(port: FirewallPort): string {
  const key = `${port.protocol} . ${port.hostPort}`;
  return port.hostIp === '0.0.0.0' ? `any_ports { ${key}` : `address_ports { ${port.hostIp} . ${key}`;
}

/** Our bridges route 127.0.0.0/8 (for 127.0.0.1:port), which must not let a container reach the host's loopback. */
function protectLoopback(network: FirewallNetwork): string {
  return `iifname "${network.bridge}" ip daddr 127.0.0.0/8 drop`;
}

function sourceNat(network: FirewallNetwork): readonly string[] {
  const { bridge, subnet } = network;
  if (network.isInternal) return [];
  return [
    ...(network.hasMasquerade ? [`ip saddr ${subnet} oifname != "${bridge}" masquerade`] : []),
    // 127.0.0.1:port of the host.
    `ip saddr 127.0.0.0/8 oifname "${bridge}" masquerade`,
    // A container that uses a published port of its own network, or of itself.
    `ip saddr ${subnet} ip daddr ${subnet} ct status dnat masquerade`,
  ];
}

/** Into a bridge comes what was published, and what its own containers send each other. */
function intoBridge(network: FirewallNetwork): readonly string[] {
  const { bridge } = network;
  const published = network.isInternal ? [] : [`oifname "${bridge}" ct status dnat accept`];
  const within = `iifname "${bridge}" oifname "${bridge}" ${network.hasInterContainer ? 'accept' : 'drop'}`;
  return [...published, within, `oifname "${bridge}" drop`];
}

function outOfBridge(network: FirewallNetwork): readonly string[] {
  return [`iifname "${network.bridge}" ${network.isInternal ? 'drop' : 'accept'}`];
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}\n`).join('');
}
