/**
 * The kernel's side of an engine's bridge networks: bridges, the nft table, forwarding.
 * Changes go one after the other; nothing is set up before a container or a network needs it.
 */

import { existsSync, mkdirSync, openSync, closeSync, readdirSync, writeFileSync } from 'node:fs';

import { isErrorKind, NaruError } from '../../core/errors.ts';
import { exec, execStatus } from '../host/exec.ts';
import { requestRoutes, requestRoutesGone } from '../host/route-socket.ts';
import { interfaceIndex } from '../host/network-syscalls.ts';
import { flock, LOCK } from '../host/syscalls.ts';
import type { EngineNames } from './engine-names.ts';
import {
  addPort,
  dropTable,
  type FirewallNetwork,
  type FirewallPort,
  removePort,
  replaceTable,
} from './firewall.ts';
import { allowForwarding, disallowForwarding } from './foreign-firewall.ts';
import { parseCidr } from './ipv4.ts';
import { BRIDGE_OPTION, type BridgeSettings, type Network } from './network.ts';
import { addAddress, addBridge, deleteLink, setLinkUp, setMtu } from './route-messages.ts';

/** One lock for all engines of a host: choosing a subnet and taking it must not be interleaved. */
const HOST_LOCK = '/run/naru-networks.lock';

const LOCK_WAIT_MS = 30_000;

/** One folder per link of this network namespace; /sys shows those of the namespace it was mounted in. */
const LINKS = '/proc/sys/net/ipv4/conf';

export interface KernelState {
  readonly networks: readonly Network[];
  readonly ports: readonly FirewallPort[];
}

export class KernelNetworks {
  private readonly names: EngineNames;
  private readonly state: () => KernelState;
  private readonly log: (line: string) => void;
  private readonly ready = new Set<string>();
  private last: Promise<unknown> = Promise.resolve();

  /** `state` tells at any time what the table should say. */
  constructor(names: EngineNames, state: () => KernelState, log: (line: string) => void) {
    this.names = names;
    this.state = state;
    this.log = log;
  }

  /** Makes sure the bridge of each network is up and the table knows it. @throws NaruError kind "unavailable" without `nft` */
  async ensure(networks: readonly Network[]): Promise<void> {
    if (networks.every((network) => this.ready.has(network.id))) return;
    await this.inTurn(async () => {
      const missing = networks.filter((network) => !this.ready.has(network.id));
      if (missing.length === 0) return;
      await this.bringUp(missing);
      await this.writeTable();
      const problems = await allowForwarding(this.names, this.namedBridges());
      for (const problem of problems) this.log(problem);
      for (const network of missing) this.ready.add(network.id);
    });
  }

  /** After the network left the state: removes its bridge and its rules. */
  async remove(network: Network): Promise<void> {
    await this.inTurn(async () => {
      const { interfaceName } = bridgeOf(network);
      if (!this.ready.delete(network.id) && !existsSync(linkPath(interfaceName))) return;
      requestRoutesGone([deleteLink(interfaceName)]);
      await this.writeTable();
    });
  }

  /** Opens ports that the state holds already. */
  async publish(ports: readonly FirewallPort[]): Promise<void> {
    if (ports.length === 0) return;
    await this.inTurn(() => nft(ports.map((port) => addPort(this.names.table, port)).join('')));
  }

  /** Closes ports that the state no longer holds. */
  async unpublish(ports: readonly FirewallPort[]): Promise<void> {
    if (ports.length === 0) return;
    await this.inTurn(async () => {
      const commands = ports.map((port) => removePort(this.names.table, port)).join('');
      const result = await execStatus(['nft', '-f', '-'], { input: commands });
      // One that was not there fails the whole transaction; the whole table is right in any case.
      if (result.exitCode !== 0) await this.writeTable();
    });
  }

  /** Rewrites the table when an earlier engine process left one, or when a network is up. */
  async refresh(): Promise<void> {
    await this.inTurn(() => this.writeTable());
  }

  /** Bridges, cables and table of this engine, also those of an earlier process. */
  async removeAll(): Promise<void> {
    await this.inTurn(async () => {
      this.ready.clear();
      const own = [...this.linksOfEngine(), ...this.namedBridges()];
      requestRoutesGone(own.map(deleteLink));
      if (!hasProgram('nft')) return;
      await execStatus(['nft', '-f', '-'], { input: dropTable(this.names.table) });
      await disallowForwarding(this.names);
    });
  }

  /** Names of links that begin as ours do. */
  linksOfEngine(): readonly string[] {
    const { bridgePrefix, vethPrefix } = this.names;
    return readdirSync(LINKS).filter((name) => name.startsWith(bridgePrefix) || name.startsWith(vethPrefix));
  }

  /** True while the bridge exists. */
  isUp(network: Network): boolean {
    return existsSync(linkPath(bridgeOf(network).interfaceName));
  }

  /** Runs `work` while no other engine of this host chooses a subnet. */
  async withHostLock<T>(work: () => Promise<T>): Promise<T> {
    mkdirSync('/run', { recursive: true });
    const fd = openSync(HOST_LOCK, 'w', 0o600);
    try {
      const deadline = Date.now() + LOCK_WAIT_MS;
      for (let waitMs = 1; !flock(fd, LOCK.EX | LOCK.NB); waitMs = Math.min(waitMs * 2, 50)) {
        if (Date.now() > deadline) {
          const message = `another engine has held ${HOST_LOCK} for ${LOCK_WAIT_MS / 1000} s`;
          throw new NaruError('unavailable', 'E_HOST_LOCK', message);
        }
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
      return await work();
    } finally {
      closeSync(fd);
    }
  }

  private async bringUp(networks: readonly Network[]): Promise<void> {
    requireProgram('nft', 'nftables');
    const absent = networks.filter((network) => !existsSync(linkPath(bridgeOf(network).interfaceName)));
    for (const network of absent) addBridgeOf(network);
    writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
    for (const network of networks) {
      const name = bridgeOf(network).interfaceName;
      writeFileSync(`${linkPath(name)}/route_localnet`, '1');
    }
  }

  private async writeTable(): Promise<void> {
    const { networks, ports } = this.state();
    const rules = networks.filter((network) => network.bridge !== undefined).map(firewallNetwork);
    await nft(replaceTable(this.names.table, rules, ports));
  }

  private namedBridges(): readonly string[] {
    return this.state()
      .networks.map((network) => network.bridge?.interfaceName ?? '')
      .filter((name) => name !== '' && !name.startsWith(this.names.bridgePrefix));
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work);
    this.last = result.catch(() => undefined);
    return result;
  }
}

/** The settings of a network that is known to be a bridge. @throws NaruError kind "internal" otherwise */
export function bridgeOf(network: Network): BridgeSettings {
  if (network.bridge !== undefined) return network.bridge;
  throw new NaruError('internal', 'E_NOT_A_BRIDGE', `network ${network.name} is not a bridge`);
}

async function nft(commands: string): Promise<void> {
  try {
    await exec(['nft', '-f', '-'], { input: commands });
  } catch (error) {
    if (isErrorKind(error, 'unavailable')) requireProgram('nft', 'nftables');
    throw error;
  }
}

function addBridgeOf(network: Network): void {
  const { interfaceName, gateway, subnet } = bridgeOf(network);
  const bytes = network.id.slice(0, 8).match(/../g) ?? [];
  requestRoutes([addBridge(interfaceName, `02:42:${bytes.join(':')}`)]);
  const prefixLength = parseCidr(subnet)?.prefixLength ?? 16;
  const mtu = Number(network.options[BRIDGE_OPTION.mtu]) || undefined;
  requestRoutes([
    addAddress(interfaceIndex(interfaceName), gateway, prefixLength),
    setLinkUp(interfaceName),
    ...(mtu === undefined ? [] : [setMtu(interfaceName, mtu)]),
  ]);
}

function firewallNetwork(network: Network): FirewallNetwork {
  const { interfaceName, subnet } = bridgeOf(network);
  return {
    bridge: interfaceName,
    subnet,
    isInternal: network.isInternal,
    hasMasquerade: network.options[BRIDGE_OPTION.masquerade] !== 'false',
    hasInterContainer: network.options[BRIDGE_OPTION.interContainer] !== 'false',
  };
}

function linkPath(name: string): string {
  return `${LINKS}/${name}`;
}

function requireProgram(name: string, debianPackage: string): void {
  if (hasProgram(name)) return;
  throw new NaruError(
    'unavailable',
    'E_NO_NETWORK_TOOLS',
    `bridge networks need the program ${name}, which this host lacks`,
    {
      hint: `install it (Debian and Ubuntu: apt-get install ${debianPackage}), or use --network host or none`,
    },
  );
}

function hasProgram(name: string): boolean {
  const dirs = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin'];
  return dirs.some((dir) => dir !== '' && existsSync(`${dir}/${name}`));
}
