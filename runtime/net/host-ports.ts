/**
 * Host ports of containers: who has which, and the listeners that hold them.
 * Words for a port in use are dockerd 28's; clients show and match them.
 */

import { isIPv6 } from 'node:net';

import { isErrorKind, NaruError } from '../../core/errors.ts';
import { errorCode } from '../../local/error-code.ts';
import type { FirewallPort } from './firewall.ts';
import type { PortBinding } from './networking.ts';
import { type PortRelay, relayConnections, relayDatagrams, type RelayTarget } from './port-relay.ts';

/** A published port with its real number; `hostIp` is a real address. */
export interface HeldPort extends PortBinding {
  readonly target: RelayTarget;
}

interface Holding {
  readonly port: HeldPort;
  readonly relay: PortRelay | undefined;
}

/** How often an ephemeral port is tried again when only one of the two address families had it free. */
const EPHEMERAL_TRIES = 20;

export class HostPorts {
  private readonly holdings = new Map<string, readonly Holding[]>();
  private lastHold: Promise<unknown> = Promise.resolve();

  /**
   * Takes all `bindings` for a container, or none. '' as host address means `0.0.0.0` and, where the host has it, `::` with the same number.
   * The order of the result is that of the bindings, IPv4 before IPv6.
   *
   * @throws NaruError kind "conflict" (`E_PORT_IN_USE`) in Docker's words, without the leading "driver failed …"
   */
  hold(containerId: string, bindings: readonly PortBinding[], address: string): Promise<readonly HeldPort[]> {
    // One at a time, so that of two who want a port the second is told who has it.
    const result = this.lastHold.then(() => this.holdAll(containerId, bindings, address));
    this.lastHold = result.catch(() => undefined);
    return result;
  }

  /** Listens again on ports that a container kept over a restart of the engine. One that is taken meanwhile still works through the kernel. @returns those, IPv4 and IPv6 alike */
  async rearm(containerId: string, ports: readonly HeldPort[]): Promise<readonly HeldPort[]> {
    const failed: HeldPort[] = [];
    const holdings = await Promise.all(
      ports.map(async (port) => {
        const relay = await listen(port, port.target).catch(() => undefined);
        if (relay === undefined) failed.push(port);
        return { port, relay };
      }),
    );
    this.holdings.set(containerId, holdings);
    return failed;
  }

  /** Closes the listeners of a container. @returns what it held */
  release(containerId: string): readonly HeldPort[] {
    const holdings = this.of(containerId);
    for (const { relay } of holdings) relay?.close();
    this.holdings.delete(containerId);
    return holdings.map(({ port }) => port);
  }

  /** All ports of all containers. */
  all(): readonly HeldPort[] {
    return [...this.holdings.values()].flat().map(({ port }) => port);
  }

  private async holdAll(
    containerId: string,
    bindings: readonly PortBinding[],
    address: string,
  ): Promise<readonly HeldPort[]> {
    const taken: Holding[] = [];
    try {
      for (const binding of bindings) {
        const target = { address, port: binding.containerPort };
        taken.push(...(await this.holdFirst(binding, target, taken)));
      }
    } catch (error) {
      for (const { relay } of taken) relay?.close();
      throw error;
    }
    this.holdings.set(containerId, [...this.of(containerId), ...taken]);
    return taken.map(({ port }) => port);
  }

  private of(containerId: string): readonly Holding[] {
    return this.holdings.get(containerId) ?? [];
  }

  /** Of a range of host ports, the first that is free. */
  private async holdFirst(
    { lastHostPort, ...binding }: PortBinding,
    target: RelayTarget,
    pending: readonly Holding[],
  ): Promise<readonly Holding[]> {
    const last = lastHostPort ?? binding.hostPort;
    for (let hostPort = binding.hostPort; hostPort < last; hostPort += 1) {
      try {
        return await this.holdOne({ ...binding, hostPort }, target, pending);
      } catch (error) {
        if (!isErrorKind(error, 'conflict')) throw error;
      }
    }
    return this.holdOne({ ...binding, hostPort: last }, target, pending);
  }

  private async holdOne(
    binding: PortBinding,
    target: RelayTarget,
    pending: readonly Holding[],
  ): Promise<readonly Holding[]> {
    if (binding.hostIp !== '') return [await this.listenChecked(binding, target, pending)];
    for (let attempt = 1; ; attempt += 1) {
      const ipv4 = await this.listenChecked({ ...binding, hostIp: '0.0.0.0' }, target, pending);
      const both = { ...binding, hostIp: '::', hostPort: ipv4.port.hostPort };
      try {
        return [ipv4, await this.listenChecked(both, target, pending)];
      } catch (error) {
        if (error instanceof NaruError && error.code === 'E_NO_SUCH_ADDRESS') return [ipv4];
        ipv4.relay?.close();
        if (binding.hostPort !== 0 || attempt === EPHEMERAL_TRIES) throw error;
      }
    }
  }

  private async listenChecked(
    binding: PortBinding,
    target: RelayTarget,
    pending: readonly Holding[],
  ): Promise<Holding> {
    const others = [...this.all(), ...pending.map(({ port }) => port)];
    if (binding.hostPort !== 0 && others.some((other) => collides(other, binding))) throw allocated(binding);
    try {
      const relay = await listen(binding, target);
      return { port: { ...binding, hostPort: relay.port, target }, relay };
    } catch (error) {
      throw notBound(binding, target, error);
    }
  }
}

/** Those that the kernel redirects: IPv4. */
export function kernelPorts(ports: readonly HeldPort[]): readonly FirewallPort[] {
  return ports
    .filter(({ hostIp }) => !isIPv6(hostIp))
    .map(({ protocol, hostIp, hostPort, target }) => ({
      protocol,
      hostIp,
      hostPort,
      address: target.address,
      containerPort: target.port,
    }));
}

/** Without the target, as the outside sees it. */
export function portBinding({ containerPort, protocol, hostIp, hostPort }: HeldPort): PortBinding {
  return { containerPort, protocol, hostIp, hostPort };
}

function listen(binding: PortBinding, target: RelayTarget): Promise<PortRelay> {
  const { hostIp, hostPort } = binding;
  return binding.protocol === 'tcp'
    ? relayConnections(hostIp, hostPort, target)
    : relayDatagrams(hostIp, hostPort, target);
}

function collides(a: PortBinding, b: PortBinding): boolean {
  if (a.protocol !== b.protocol || a.hostPort !== b.hostPort) return false;
  if (isIPv6(a.hostIp) !== isIPv6(b.hostIp)) return false;
  return a.hostIp === b.hostIp || [a.hostIp, b.hostIp].some((ip) => ip === '0.0.0.0' || ip === '::');
}

function allocated(binding: PortBinding): NaruError {
  const message = `Bind for ${binding.hostIp}:${binding.hostPort} failed: port is already allocated`;
  // No hint: clients compare the whole sentence with Docker's.
  return new NaruError('conflict', 'E_PORT_IN_USE', message);
}

function notBound(binding: PortBinding, target: RelayTarget, error: unknown): NaruError {
  const code = errorCode(error);
  const host = isIPv6(binding.hostIp) ? `[${binding.hostIp}]` : binding.hostIp;
  const what = `${host}:${binding.hostPort}:${target.address}:${target.port}/${binding.protocol}`;
  const failed = `failed to bind host port for ${what}`;
  if (code === 'EADDRINUSE') {
    return new NaruError('conflict', 'E_PORT_IN_USE', `${failed}: address already in use`, { cause: error });
  }
  if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') {
    const message = `${failed}: cannot assign requested address`;
    return new NaruError('invalid-argument', 'E_NO_SUCH_ADDRESS', message, { cause: error });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new NaruError('unavailable', 'E_PORT_BIND', `${failed}: ${reason}`, { cause: error });
}
