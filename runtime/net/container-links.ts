/**
 * Cables between a container's network namespace and bridges, made by the kernel's own interface: no process is started for them.
 * Everything is done before the call returns; the methods answer promises as the rest of networking does.
 */

import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { exec } from '../host/exec.ts';
import { unmountIfMounted } from '../host/overlay-mount.ts';
import { requestRoutes, requestRoutesGone } from '../host/route-socket.ts';
import { inNetworkNamespace, inNewNetworkNamespace, interfaceIndex } from '../host/network-syscalls.ts';
import { shareMount } from '../host/shared-mount.ts';
import type { EngineNames } from './engine-names.ts';
import { resolverTable } from './firewall.ts';
import { bridgeOf } from './kernel-networks.ts';
import { BRIDGE_OPTION, type Network } from './network.ts';
import type { NetworkEndpoint } from './networking.ts';
import {
  addAddress,
  addCable,
  deleteDefaultRoute,
  deleteLink,
  setBridgePortUp,
  setDefaultRoute,
  setLinkDown,
  setLinkUp,
} from './route-messages.ts';

/** One end of a container on a network. */
export interface Cable {
  readonly network: Network;
  readonly endpoint: NetworkEndpoint;
}

export class ContainerLinks {
  private readonly names: EngineNames;
  private isDirectoryShared = false;

  constructor(names: EngineNames) {
    this.names = names;
  }

  /** Makes the namespace with its loopback and `cables` plugged in. @throws when it exists; the caller then calls `remove` */
  async create(containerId: string, cables: readonly Cable[], gateway: string | undefined): Promise<void> {
    const path = this.names.netnsPath(containerId);
    if (!this.isDirectoryShared) shareDirectory(this.names.netnsDir);
    this.isDirectoryShared = true;
    closeSync(openSync(path, 'wx', 0o444));
    inNewNetworkNamespace(path, () => {
      requestRoutes([setLinkUp('lo')]);
      // As Docker sets them: low ports and ping for everyone.
      writeSetting('ipv4/ip_unprivileged_port_start', '0');
      writeSetting('ipv4/ping_group_range', '0 2147483647');
    });
    for (const cable of cables) this.plugIn(path, cable);
    if (gateway !== undefined) inNetworkNamespace(path, () => requestRoutes([setDefaultRoute(gateway)]));
  }

  /** Plugs one more cable into a namespace that is there. */
  async plug(containerId: string, cable: Cable): Promise<void> {
    this.plugIn(this.names.netnsPath(containerId), cable);
  }

  /** Pulls a cable; its addresses and routes go with it. */
  async unplug(endpointId: string): Promise<void> {
    requestRoutesGone([deleteLink(this.names.veth(endpointId))]);
  }

  /** undefined takes the default route away. */
  async setGateway(containerId: string, gateway: string | undefined): Promise<void> {
    const change = gateway === undefined ? deleteDefaultRoute() : setDefaultRoute(gateway);
    inNetworkNamespace(this.names.netnsPath(containerId), () => requestRoutesGone([change]));
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
    const path = join(this.names.netnsDir, netns);
    // Down at once; the kernel removes cables of a dead namespace by itself a moment later, where deleting them would take 10-40 ms.
    for (const id of endpointIds) requestRoutesGone([setLinkDown(this.names.veth(id))]);
    unmountIfMounted(path);
    rmSync(path, { force: true });
  }

  private plugIn(netnsPath: string, { network, endpoint }: Cable): void {
    const { interfaceName: inside, ipv4Address, macAddress, prefixLength } = endpoint;
    const host = this.names.veth(endpoint.endpointId);
    const bridgeIndex = interfaceIndex(bridgeOf(network).interfaceName);
    const mtu = Number(network.options[BRIDGE_OPTION.mtu]) || undefined;
    const netnsFd = openSync(netnsPath, 'r');
    try {
      requestRoutes([
        addCable({ host, bridgeIndex, inside, netnsFd, macAddress, mtu }),
        setBridgePortUp(host),
      ]);
    } finally {
      closeSync(netnsFd);
    }
    inNetworkNamespace(netnsPath, () => {
      // Docker: no IPv6 where the network has none.
      writeSetting(`ipv6/conf/${inside}/disable_ipv6`, '1');
      requestRoutes([addAddress(interfaceIndex(inside), ipv4Address, prefixLength), setLinkUp(inside)]);
    });
  }
}

/** As iproute2 does: shared, so that what is unmounted here goes in the mount namespaces of others as well. */
function shareDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  shareMount(directory);
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
