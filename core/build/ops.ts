/**
 * What a vertex of the build graph does, with everything already evaluated: no variables, absolute paths, resolved argv.
 * Metadata instructions (ENV, LABEL, CMD …) become `metadata`: they change the image config and never the filesystem.
 * Follows BuildKit's lowering (frontend/dockerfile/dockerfile2llb), measured against 28.5.2.
 */

import type { ImageConfig } from '../oci/image-config.ts';
import type { Digest } from '../oci/digest.ts';
import type { Platform } from '../oci/platform.ts';

import type { ExtraHost, Ulimit } from './run-settings.ts';

/** Index into `Plan.vertices`. */
export type VertexId = number;

/** What the engine or a registry knows of a base image. */
export interface ResolvedImage {
  /** As asked. */
  readonly reference: string;
  /** Digest of the manifest when it came from a registry, else the image ID. */
  readonly digest: Digest;
  readonly config: ImageConfig;
  /** True when its layers are on the engine: building needs no pull. */
  readonly isLocal: boolean;
  /** Of the compressed layers that would be pulled; 0 when local or unknown. */
  readonly pullBytes: number;
}

export type Op =
  | ImageOp
  | ScratchOp
  | StageOp
  | MetadataOp
  | RunOp
  | CopyOp
  | MkdirOp
  | MergeOp
  | HttpOp
  | GitOp;

/** `FROM image`, and the hidden vertex of `COPY --from=image`. */
export interface ImageOp {
  readonly kind: 'image';
  readonly reference: string;
  readonly platform: Platform;
  /** Absent when the resolver did not know it. */
  readonly image?: ResolvedImage;
  /** What was reported of an image that cannot be taken. */
  readonly fault?: string;
}

export interface ScratchOp {
  readonly kind: 'scratch';
}

/** `FROM stage`: its filesystem is that of the vertex `root`. */
export interface StageOp {
  readonly kind: 'stage';
}

export interface MetadataOp {
  readonly kind: 'metadata';
}

export interface RunOp {
  readonly kind: 'run';
  readonly argv: readonly string[];
  /** ENV and declared ARG values together, as the process sees them; proxy variables that were not declared are apart. */
  readonly env: ReadonlyMap<string, string>;
  /** Names in `env` that come from ARG; their values are kept out of stored components. */
  readonly argNames: readonly string[];
  /** Undeclared predefined proxy arguments: given to the process, no part of the key. */
  readonly proxyEnv: ReadonlyMap<string, string>;
  /** Clean and absolute. */
  readonly cwd: string;
  readonly user: string;
  readonly network: 'default' | 'none' | 'host';
  readonly security: 'sandbox' | 'insecure';
  readonly extraHosts: readonly ExtraHost[];
  readonly ulimits: readonly Ulimit[];
  readonly shmSizeBytes?: number;
  readonly cgroupParent?: string;
  /** Of the step's own UTS namespace; absent: `buildkitsandbox`. */
  readonly hostname?: string;
  readonly platform: Platform;
  /** In order of the flags. */
  readonly mounts: readonly RunMount[];
  /** Files a heredoc with a shebang puts beside the command, below `/dev/pipes/`. */
  readonly pipes: readonly InlineFile[];
  readonly sourceDateEpoch?: number;
}

export type RunMount =
  | {
      readonly kind: 'bind';
      readonly target: string;
      readonly isReadonly: boolean;
      readonly source: SourceRef;
      /** Clean, relative to the source's root; '' is all of it. */
      readonly path: string;
    }
  | {
      readonly kind: 'cache';
      readonly target: string;
      readonly id: string;
      readonly sharing: 'shared' | 'private' | 'locked';
      readonly isReadonly: boolean;
      readonly uid: number;
      readonly gid: number;
      readonly mode: number;
      readonly source?: SourceRef;
      readonly path: string;
    }
  | { readonly kind: 'tmpfs'; readonly target: string; readonly sizeBytes?: number }
  | {
      readonly kind: 'secret';
      readonly id: string;
      /** Absent when only an environment variable is asked for. */
      readonly target?: string;
      readonly env?: string;
      readonly isRequired: boolean;
      readonly uid: number;
      readonly gid: number;
      readonly mode: number;
    }
  | {
      readonly kind: 'ssh';
      readonly id: string;
      readonly target: string;
      /** What SSH_AUTH_SOCK is where nothing else has set it: the target as written. */
      readonly variable: string;
      readonly isRequired: boolean;
      readonly uid: number;
      readonly gid: number;
      readonly mode: number;
    };

/** Where COPY, ADD and bind mounts take files from. */
export type SourceRef =
  /** The build context ('' ) or a named one that is a directory. */
  | { readonly kind: 'context'; readonly name: string }
  | {
      readonly kind: 'vertex';
      readonly vertex: VertexId;
      /** The build context, where the engine fetches or unpacks it. */
      readonly isContext?: true;
    };

export interface InlineFile {
  readonly name: string;
  readonly content: string;
}

/** One source argument of COPY or ADD. */
export type CopySource =
  /** As written after expansion, without a leading slash; may hold wildcards. */
  | { readonly kind: 'path'; readonly path: string }
  /** A heredoc. */
  | { readonly kind: 'inline'; readonly file: InlineFile }
  /** A file or tree made by a `http` or `git` vertex. */
  | { readonly kind: 'vertex'; readonly vertex: VertexId; readonly path: string };

/** COPY and ADD. With `--link` its root is absent and a `merge` vertex follows. */
export interface CopyOp {
  readonly kind: 'copy';
  readonly instruction: 'COPY' | 'ADD';
  readonly from: SourceRef;
  readonly sources: readonly CopySource[];
  /** Clean and absolute, without a trailing slash (except '/'). */
  readonly destination: string;
  /** The destination was written with a slash at its end, or is '.': files land below it for certain. */
  readonly isDestinationDirectory: boolean;
  /** `--chown` after expansion; names are looked up in the root's /etc/passwd and /etc/group. Absent: 0:0 from contexts, kept from stages. */
  readonly chown?: string;
  /** `--chmod` after expansion: octal or symbolic. */
  readonly chmod?: string;
  readonly excludes: readonly string[];
  readonly keepsParents: boolean;
  readonly isLink: boolean;
  /** ADD unpacks local archives; `--unpack` decides for URLs. */
  readonly unpacks: boolean;
  readonly sourceDateEpoch?: number;
}

/** WORKDIR, when it is not '/'. */
export interface MkdirOp {
  readonly kind: 'mkdir';
  readonly path: string;
  /** USER of the stage: owner of the directories that are made. */
  readonly user: string;
  readonly sourceDateEpoch?: number;
}

/** Lays the result of a linked copy over the root. */
export interface MergeOp {
  readonly kind: 'merge';
  readonly layer: VertexId;
}

export interface HttpOp {
  readonly kind: 'http';
  readonly url: string;
  readonly fileName: string;
  readonly checksum?: Digest;
}

export interface GitOp {
  readonly kind: 'git';
  readonly remote: string;
  readonly ref: string;
  /** What `ref` stands for: the identity of the files, asked for before the cache is. */
  readonly commit?: string;
  readonly subdirectory: string;
  readonly keepsGitDirectory: boolean;
  /** The commit, or its beginning, that `ref` must stand for. */
  readonly checksum?: string;
}

/** What lies behind its address may change without notice; a git source has its commit by now. */
export function isUnpinned(op: Op): op is HttpOp {
  return op.kind === 'http' && op.checksum === undefined;
}
