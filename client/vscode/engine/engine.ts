/**
 * What the extension asks of an engine, in the extension's own words.
 * client/driver does the talking; this interface is what commands and views see, so that they can be tested without an engine.
 */

import type { Platform } from '../../../core/oci/platform.ts';
import type { BuildEvent } from '../../../core/protocol/build.ts';
import type {
  LspCacheResolveParams,
  LspCacheResolveResult,
  LspImageResolveParams,
  LspImageResolveResult,
} from '../../../core/protocol/lsp.ts';

export interface ContainerInfo {
  readonly id: string;
  /** Without the leading slash. */
  readonly name: string;
  readonly image: string;
  readonly isRunning: boolean;
  /** As the engine says it: `Up 3 minutes`. */
  readonly status: string;
  readonly ports: readonly PublishedPort[];
}

export interface PublishedPort {
  readonly containerPort: number;
  readonly hostPort: number;
  readonly protocol: string;
}

export interface ImageInfo {
  readonly id: string;
  /** `name:tag`; empty for an image without a name. */
  readonly tags: readonly string[];
  readonly sizeBytes: number;
  readonly createdAt: Date;
}

export interface EngineEvent {
  /** `container`, `image` … as in Docker's events. */
  readonly type: string;
  readonly action: string;
  readonly id: string;
}

export interface RunOptions {
  readonly image: string;
  readonly name?: string;
  /** Publish every exposed port on a free port of the loopback. */
  readonly publishesAll: boolean;
}

export interface BuildOptions {
  /** Absolute paths. */
  readonly dockerfile: string;
  readonly contextDirectory: string;
  /** Of the editor, saved or not. */
  readonly text: string;
  readonly tag: string;
  readonly target?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** By name: absolute paths, and addresses. */
  readonly buildContexts?: Readonly<Record<string, string>>;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** A command in a container with a terminal of its own. */
export interface ShellSession {
  write(data: string): void;
  resize(size: TerminalSize): void;
  /** Output as it arrives; ends with the command. */
  readonly output: AsyncIterable<string>;
  /** Once the output has ended; undefined when it is not known. */
  exitCode(): Promise<number | undefined>;
  /** Leaves; the command gets a hang-up. */
  close(): void;
}

/** Every method throws NaruError; "unavailable" when the engine cannot be reached. */
export interface Engine {
  /** Shown to the user: `local`, `ssh://host`. */
  readonly name: string;
  /** What its containers run on. */
  readonly platform: Platform;
  containers(): Promise<readonly ContainerInfo[]>;
  images(): Promise<readonly ImageInfo[]>;
  /** Creates and starts; answers the new container. */
  run(options: RunOptions): Promise<ContainerInfo>;
  startContainer(id: string): Promise<void>;
  stopContainer(id: string): Promise<void>;
  /** Also a running one. */
  removeContainer(id: string): Promise<void>;
  /** By ID or by one of its names; the image goes with its last name. */
  removeImage(name: string): Promise<void>;
  /** Removes stopped containers, images without a name, unused networks and build cache that no image has; answers the bytes that became free. */
  prune(): Promise<number>;
  /** What was written so far and, until aborted, what follows; both streams in order. */
  logs(id: string, signal: AbortSignal): AsyncIterable<string>;
  openShell(id: string, size: TerminalSize): Promise<ShellSession>;
  build(options: BuildOptions, signal: AbortSignal): AsyncIterable<BuildEvent>;
  events(signal: AbortSignal): AsyncIterable<EngineEvent>;
  resolveCache(params: LspCacheResolveParams): Promise<LspCacheResolveResult>;
  resolveImages(params: LspImageResolveParams): Promise<LspImageResolveResult>;
  close(): void;
}
