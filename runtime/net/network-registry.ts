/** The networks of an engine by id and name, with the addresses taken on each; definitions are kept in the metadata store. */

import { NaruError } from '../../core/errors.ts';
import { AddressPool } from './address-pool.ts';
import { parseCidr, parseIpv4 } from './ipv4.ts';
import type { Network, NetworkRecords } from './network.ts';

export class NetworkRegistry {
  private readonly records: NetworkRecords;
  private readonly byId = new Map<string, Network>();
  private readonly pools = new Map<string, AddressPool>();

  constructor(records: NetworkRecords) {
    this.records = records;
    for (const network of records.all()) this.keep(network);
  }

  /** In the order they were made. */
  all(): readonly Network[] {
    return [...this.byId.values()];
  }

  /** By full id. */
  get(id: string): Network | undefined {
    return this.byId.get(id);
  }

  /** By id, name, or unique prefix of an id, in this order. @throws NaruError kind "not-found" in Docker's words, "invalid-argument" when ambiguous */
  find(nameOrId: string): Network {
    const all = this.all();
    const exact = all.find(({ id }) => id === nameOrId) ?? all.find(({ name }) => name === nameOrId);
    if (exact !== undefined) return exact;
    const matches = nameOrId === '' ? [] : all.filter(({ id }) => id.startsWith(nameOrId));
    const [first] = matches;
    if (first === undefined) {
      throw new NaruError('not-found', 'E_NO_SUCH_NETWORK', `network ${nameOrId} not found`);
    }
    if (matches.length === 1) return first;
    const message = `network ${nameOrId} is ambiguous (${matches.length} matches found based on ID prefix)`;
    throw new NaruError('invalid-argument', 'E_AMBIGUOUS_NETWORK', message);
  }

  /** The addresses of a bridge network. @throws NaruError kind "internal" for others */
  pool(network: Network): AddressPool {
    const pool = this.pools.get(network.id);
    if (pool !== undefined) return pool;
    throw new NaruError('internal', 'E_NO_POOL', `network ${network.name} has no addresses`);
  }

  /** Gives an address back; a network that is gone meanwhile needs nothing. */
  release(networkId: string, ipv4Address: string): void {
    this.pools.get(networkId)?.release(ipv4Address);
  }

  /** Adds or replaces, with no address taken; `save` makes it outlast the engine. */
  keep(network: Network): void {
    this.byId.set(network.id, network);
    const subnet = parseCidr(network.bridge?.subnet ?? '');
    if (network.bridge === undefined || subnet === undefined) return;
    const { gateway, ipRange, auxAddresses } = network.bridge;
    const reserved = [gateway, ...Object.values(auxAddresses)].flatMap((text) => parseIpv4(text) ?? []);
    this.pools.set(network.id, new AddressPool(subnet, parseCidr(ipRange ?? ''), reserved));
  }

  save(network: Network): void {
    if (this.byId.get(network.id) !== network) this.keep(network);
    this.records.put(network);
  }

  forget(network: Network): void {
    this.byId.delete(network.id);
    this.pools.delete(network.id);
    this.records.delete(network.id);
  }
}
