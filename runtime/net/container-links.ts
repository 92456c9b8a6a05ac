/** Cables between a container's network namespace and bridges, in as few processes as possible. */

import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { exec, execStatus } from '../host/exec.ts';
import { inNetworkNamespace } from '../host/syscalls.ts';
import type { EngineNames } from './engine-names.ts';
import { resolverTable } from './firewall.ts';
import { parseCidr } from './ipv4.ts';
import { bridgeOf, ipBatch } from './kernel-networks.ts';
import { BRIDGE_OPTION, type Network } from './network.ts';
import type { NetworkEndpoint } from './networking.ts';

/** One end of a container on a network. */
export interface Cable {
  readonly network: Network;
  readonly endpoint: NetworkEndpoint;
}

export class ContainerLinks {
  private readonly names: EngineNames;

  constructor(names: EngineNames) {
    this.names = names;
  }

  /** Makes the namespace with its loopback and `cables` plugged in. @throws when it exists; the caller then calls `remove` */
  async create(containerId: string, cables: readonly Cable[], gateway: string | undefined): Promise<void> {
    const netns = this.names.netns(containerId);
    await ipBatch([`netns add ${netns}`, ...cables.flatMap((cable) => this.plugCommands(cable, netns))]);
    this.writeDefaults(containerId, cables);
    await ipBatch(
      [
        'link set lo up',
        ...cables.flatMap(insideCommands),
        ...(gateway === undefined ? [] : [`route add default via ${gateway}`]),
      ],
      netns,
    );
  }

  /** Plugs one more cable into a namespace that is there. */
  async plug(containerId: string, cable: Cable): Promise<void> {
    const netns = this.names.netns(containerId);
    await ipBatch(this.plugCommands(cable, netns));
    this.writeDefaults(containerId, [cable]);
    await ipBatch(insideCommands(cable), netns);
  }

  /** Pulls a cable; its addresses and routes go with it. */
  async unplug(endpointId: string): Promise<void> {
    await execStatus(['ip', 'link', 'del', this.names.veth(endpointId)]);
  }

  /** undefined takes the default route away. */
  async setGateway(containerId: string, gateway: string | undefined): Promise<void> {
    const netns = this.names.netns(containerId);
    const change = gateway === undefined ? ['del', 'default'] : ['replace', 'default', 'via', gateway];
    await execStatus(['ip', '-n', netns, 'route', ...change]);
  }

  /** Redirects 127.0.0.11:53 in the namespace to the engine's resolver. */
  async redirectDns(containerId: string, resolverPort: number): Promise<void> {
    const netns = `--net=${this.names.netnsPath(containerId)}`;
    await exec(['nsenter', netns, 'nft', '-f', '-'], { input: resolverTable(resolverPort) });
  }

  /** Removes namespace and cables; no error for what is not there. */
  async remove(containerId: string, endpointIds: readonly string[]): Promise<void> {
    await this.removeNamespace(this.names.netns(containerId), endpointIds);
  }

  /** Namespaces of this engine that are none of `containerIds`. */
  orphans(containerIds: readonly string[]): readonly string[] {
    const known = new Set(containerIds.map((id) => this.names.netns(id)));
    return listDirectory(this.names.netnsDir).filter(
      (name) => name.startsWith(this.names.netnsPrefix) && !known.has(name),
    );
  }

  /** By the namespace's own name, as `orphans` gives it. */
  async removeNamespace(netns: string, endpointIds: readonly string[]): Promise<void> {
    // Down at once; the kernel removes cables of a dead namespace by itself a moment later, where "link del" would take 10-40 ms.
    const links = endpointIds.map((id) => `link set ${this.names.veth(id)} down`);
    const lines = [...links, `netns del ${netns}`];
    // -force goes on after a line that failed: after a crash any of them may be gone.
    await execStatus(['ip', '-force', '-batch', '-'], { input: `${lines.join('\n')}\n` });
    rmSync(join(this.names.netnsDir, netns), { force: true });
  }

  private plugCommands({ network, endpoint }: Cable, netns: string): readonly string[] {
    const veth = this.names.veth(endpoint.endpointId);
    const mtu = network.options[BRIDGE_OPTION.mtu];
    const size = mtu === undefined ? '' : ` mtu ${mtu}`;
    const inside = `${endpoint.interfaceName} address ${endpoint.macAddress}${size} netns ${netns}`;
    return [
      `link add ${veth}${size} master ${bridgeOf(network).interfaceName} type veth peer name ${inside}`,
      // Hairpin: a container may use its own published port.
      `link set ${veth} up type bridge_slave hairpin on`,
    ];
  }

  /** As Docker sets them: no IPv6 where the network has none, low ports and ping for everyone. */
  private writeDefaults(containerId: string, cables: readonly Cable[]): void {
    inNetworkNamespace(this.names.netnsPath(containerId), () => {
      for (const { endpoint } of cables) {
        writeSetting(`ipv6/conf/${endpoint.interfaceName}/disable_ipv6`, '1');
      }
      writeSetting('ipv4/ip_unprivileged_port_start', '0');
      writeSetting('ipv4/ping_group_range', '0 2147483647');
    });
  }
}

function insideCommands({ network, endpoint }: Cable): readonly string[] {
  const prefixLength = parseCidr(bridgeOf(network).subnet)?.prefixLength ?? 16;
  return [
    `addr add ${endpoint.ipv4Address}/${prefixLength} brd + dev ${endpoint.interfaceName}`,
    `link set ${endpoint.interfaceName} up`,
  ];
}

/** A kernel without the setting (no IPv6) does not need it. */
function writeSetting(name: string, value: string): void {
  try {
    writeFileSync(`/proc/sys/net/${name}`, value);
  } catch {
    return;
  }
}

function listDirectory(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
