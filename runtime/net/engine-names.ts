/** Names of one engine's things in the kernel, so that several engines share a host and each finds its own again. */

import { join } from 'node:path';

const NETNS_DIR = '/run/netns';

export class EngineNames {
  private readonly engineId: string;

  /** `engineId` is at least 8 lower-case hex characters, stable for an engine root. */
  constructor(engineId: string) {
    this.engineId = engineId.slice(0, 8);
  }

  /** nft table of family ip; also the comment on rules in tables of others. */
  get table(): string {
    return `naru_${this.engineId}`;
  }

  /** Every bridge begins with it, so that one wildcard rule covers all. */
  get bridgePrefix(): string {
    return `nrb${this.engineId.slice(0, 5)}`;
  }

  /** 15 bytes, the kernel's limit. */
  bridge(networkId: string): string {
    return `${this.bridgePrefix}${networkId.slice(0, 7)}`;
  }

  get vethPrefix(): string {
    return `nrv${this.engineId.slice(0, 5)}`;
  }

  /** The end of a container's cable on the host. */
  veth(endpointId: string): string {
    return `${this.vethPrefix}${endpointId.slice(0, 7)}`;
  }

  get netnsPrefix(): string {
    return `naru-${this.engineId}-`;
  }

  netns(containerId: string): string {
    return `${this.netnsPrefix}${containerId.slice(0, 12)}`;
  }

  netnsPath(containerId: string): string {
    return join(NETNS_DIR, this.netns(containerId));
  }

  get netnsDir(): string {
    return NETNS_DIR;
  }
}
