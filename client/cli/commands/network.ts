/** `naru network`: networks of containers that find each other by name. */

import type { Command } from 'commander';

import { isErrorKind, NaruError } from '../../../core/errors.ts';
import {
  connectNetwork,
  createNetwork,
  disconnectNetwork,
  listNetworks,
  type NetworkSummary,
  pruneNetworks,
  removeNetwork,
} from '../../driver/engine/networks.ts';
import { confirm } from '../confirm.ts';
import { withEngine } from '../connect.ts';
import { forEachName } from '../each.ts';
import type { CliIo } from '../io.ts';
import { addListingFlags, labelField, type Listing, type ListingFlags, printListing } from '../listing.ts';
import { parseFilters } from '../parse/filters.ts';
import { collect, parsePairs } from '../parse/quantity.ts';
import { formatLabels, formatLocalTime, shortId } from '../units.ts';
import { addInspectOf } from './inspect.ts';

export function addNetworkCommands(program: Command, io: CliIo): void {
  const network = program.command('network').description('list, create, join and remove networks');
  addList(network, io);
  addCreate(network, io);
  addInspectOf(network, io, 'network');
  addConnect(network, io);
  addDisconnect(network, io);
  addRemove(network, io);
  addPrune(network, io);
}

function addList(network: Command, io: CliIo): void {
  const command = network
    .command('ls')
    .alias('list')
    .description('list networks')
    .option('-f, --filter <name=value>', 'only those, such as driver=bridge or name=web', collect, [])
    .option('--no-trunc', 'whole ids');
  addListingFlags(command, 'only ids').action(
    async (flags: ListingFlags & { filter: readonly string[]; trunc: boolean }) => {
      const filters = parseFilters(flags.filter);
      const networks = await withEngine(command, io, (engine) => listNetworks(engine, filters));
      const sorted = networks.toSorted((one, other) => (one.name < other.name ? -1 : 1));
      printListing(io, networkListing(flags.trunc), sorted, flags);
    },
  );
}

function networkListing(isShortened: boolean): Listing<NetworkSummary> {
  const idOf = ({ id }: NetworkSummary): string => (isShortened ? shortId(id) : id);
  return {
    idOf,
    columns: ['ID', 'Name', 'Driver', 'Scope'],
    fields: {
      ID: { head: 'NETWORK ID', of: idOf },
      Name: { head: 'NAME', of: ({ name }) => name },
      Driver: { head: 'DRIVER', of: ({ driver }) => driver },
      Scope: { head: 'SCOPE', of: ({ scope }) => scope },
      IPv4: { head: 'IPV4', of: ({ hasIpv4 }) => String(hasIpv4) },
      IPv6: { head: 'IPV6', of: ({ hasIpv6 }) => String(hasIpv6) },
      Internal: { head: 'INTERNAL', of: ({ isInternal }) => String(isInternal) },
      CreatedAt: { head: 'CREATED AT', of: ({ createdAt }) => formatLocalTime(createdAt) },
      Labels: { head: 'LABELS', of: ({ labels }) => formatLabels(labels) },
      Label: labelField(({ labels }) => labels),
    },
  };
}

interface CreateFlags {
  readonly attachable?: boolean;
  readonly driver: string;
  readonly gateway?: string;
  readonly ipRange?: string;
  readonly internal?: boolean;
  readonly ipv6?: boolean;
  readonly label: readonly string[];
  readonly opt: readonly string[];
  readonly subnet?: string;
}

function addCreate(network: Command, io: CliIo): void {
  const command = network
    .command('create')
    .description('make a network')
    .argument('<name>')
    .option('-d, --driver <driver>', 'kind of network', 'bridge')
    .option('--subnet <subnet>', 'addresses of its containers, such as 172.30.0.0/16')
    .option('--gateway <address>', "the host's address in that subnet")
    .option('--ip-range <range>', 'part of that subnet in which containers get their addresses')
    .option('--internal', 'without a way out')
    .option('--attachable', 'says so in inspect; every network here is')
    .option('--ipv6', 'with IPv6 addresses, too')
    .option('-o, --opt <name=value>', 'option of the driver', collect, [])
    .option('--label <name=value>', 'label it', collect, [])
    .action(async (name: string, flags: CreateFlags) => {
      refuseWithoutSubnet(flags);
      await withEngine(command, io, async (engine) => {
        const id = await createNetwork(engine, {
          name,
          driver: flags.driver,
          isInternal: flags.internal === true,
          isAttachable: flags.attachable === true,
          hasIpv6: flags.ipv6 === true,
          labels: parsePairs(flags.label),
          driverOptions: parsePairs(flags.opt),
          ...(flags.subnet === undefined ? {} : { subnet: flags.subnet }),
          ...(flags.ipRange === undefined ? {} : { ipRange: flags.ipRange }),
          ...(flags.gateway === undefined ? {} : { gateway: flags.gateway }),
        });
        io.stdout.write(`${id}\n`);
      });
    });
}

/** In the words of docker's CLI (28.5.2). */
function refuseWithoutSubnet({ subnet, gateway, ipRange }: CreateFlags): void {
  if (subnet !== undefined || (gateway ?? ipRange) === undefined) return;
  const message = 'every ip-range or gateway must have a corresponding subnet';
  throw new NaruError('invalid-argument', 'E_SUBNET', message, { hint: 'add --subnet' });
}

interface ConnectFlags {
  readonly alias: readonly string[];
  readonly ip?: string;
  readonly ip6?: string;
}

function addConnect(network: Command, io: CliIo): void {
  const command = network
    .command('connect')
    .description('connect a container to a network')
    .argument('<network>')
    .argument('<container>')
    .option('--alias <name>', 'one more name of it on that network', collect, [])
    .option('--ip <address>', 'its address there')
    .option('--ip6 <address>', 'its IPv6 address there')
    .action((name: string, container: string, { alias: aliases, ip, ip6 }: ConnectFlags) =>
      withEngine(command, io, (engine) =>
        connectNetwork(engine, name, container, {
          aliases,
          ...(ip === undefined ? {} : { ipv4: ip }),
          ...(ip6 === undefined ? {} : { ipv6: ip6 }),
        }),
      ),
    );
}

function addDisconnect(network: Command, io: CliIo): void {
  const command = network
    .command('disconnect')
    .description('disconnect a container from a network')
    .argument('<network>')
    .argument('<container>')
    .option('-f, --force', 'although the container is not there any more')
    .action((name: string, container: string, flags: { force?: boolean }) =>
      withEngine(command, io, (engine) => disconnectNetwork(engine, name, container, flags.force === true)),
    );
}

function addRemove(network: Command, io: CliIo): void {
  const command = network
    .command('rm')
    .alias('remove')
    .description('remove networks without containers')
    .argument('<names...>')
    .option('-f, --force', 'no word about those that are not there')
    .action((names: string[], flags: { force?: boolean }) =>
      withEngine(command, io, (engine) =>
        forEachName(names, io, async (name) => {
          const isGone = await removeNetwork(engine, name).then(
            () => true,
            (error: unknown) => {
              if (flags.force === true && isErrorKind(error, 'not-found')) return false;
              throw error;
            },
          );
          return isGone ? `${name}\n` : '';
        }),
      ),
    );
}

function addPrune(network: Command, io: CliIo): void {
  const command = network
    .command('prune')
    .description('remove networks that no container uses')
    .option('--filter <name=value>', 'only those, such as until=24h or label=a=b', collect, [])
    .option('-f, --force', 'do not ask')
    .action(async (flags: { filter: readonly string[]; force?: boolean }) => {
      const filters = parseFilters(flags.filter);
      await confirm(io, 'Remove all networks that no container uses?', flags.force === true);
      await withEngine(command, io, async (engine) => {
        const removed = await pruneNetworks(engine, filters);
        if (removed.length > 0) io.stdout.write(`Deleted Networks:\n${removed.join('\n')}\n\n`);
      });
    });
}
