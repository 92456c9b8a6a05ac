/** What the caller of a build or a preview decides; defaults are applied at the edge by `defaultBuildOptions`. */

import type { Platform } from '../oci/platform.ts';

import type { RemoteContext } from './remote-context.ts';
import type { ExtraHost, Ulimit } from './run-settings.ts';

export const ENTITLEMENTS = ['network.host', 'security.insecure'] as const;
export type Entitlement = (typeof ENTITLEMENTS)[number];

export interface BuildOptions {
  /** Name of the stage to build; absent: the last one. */
  readonly target?: string;
  readonly buildArgs: ReadonlyMap<string, string>;
  /** Of the image being made. */
  readonly platform: Platform;
  /** Of the engine that runs the build. */
  readonly buildPlatform: Platform;
  readonly labels: ReadonlyMap<string, string>;
  readonly noCache: boolean;
  /** Names of stages that are not looked up in the cache. */
  readonly noCacheFilter: readonly string[];
  readonly extraHosts: readonly ExtraHost[];
  /** For RUN without `--network`. */
  readonly network: 'default' | 'none' | 'host';
  /** What a Dockerfile may ask for only where the caller allows it (`--allow`). */
  readonly allowed: readonly Entitlement[];
  readonly shmSizeBytes?: number;
  readonly ulimits: readonly Ulimit[];
  readonly cgroupParent?: string;
  /** Ids the caller can supply; their contents are never part of a plan or a key. */
  readonly secretIds: readonly string[];
  readonly sshIds: readonly string[];
  /** The main context where it is an address; absent: files that the caller supplies. */
  readonly context?: RemoteContext;
  /** Named contexts by `contextName`: see `readNamedContext` for the values. Directories are supplied by the caller. */
  readonly buildContexts: ReadonlyMap<string, string>;
  /** Seconds since the epoch: times of the result are normalised to it. */
  readonly sourceDateEpoch?: number;
  /** With `sourceDateEpoch`: only the config and WORKDIR are dated by it; what COPY and RUN make keeps its times, so steps are not reproducible. */
  readonly keepsFileTimes?: boolean;
}

/** The time that files of the result have at most, in seconds since the epoch; undefined where times are left as they are. */
export function fileEpoch(options: BuildOptions): number | undefined {
  return options.keepsFileTimes === true ? undefined : options.sourceDateEpoch;
}

export function defaultBuildOptions(platform: Platform): BuildOptions {
  return {
    buildArgs: new Map(),
    platform,
    buildPlatform: platform,
    labels: new Map(),
    noCache: false,
    noCacheFilter: [],
    extraHosts: [],
    network: 'default',
    allowed: [],
    ulimits: [],
    secretIds: [],
    sshIds: [],
    buildContexts: new Map(),
  };
}
