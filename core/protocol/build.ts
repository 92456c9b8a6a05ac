/**
 * Builds on Naru's own engine.
 *
 * `POST /naru/v1/builds` with a BuildRequest starts a build and streams its events, one JSON object per line.
 * A build that nobody follows any more is cancelled, at once or, where the client `mayComeBack`, some seconds later;
 * `GET /naru/v1/builds/{id}/events?after=N` continues with the events that have a larger `seq`.
 * `DELETE /naru/v1/builds/{id}` cancels it.
 */

import { type BuildOptions, ENTITLEMENTS } from '../build/options.ts';
import type { Digest } from '../oci/digest.ts';
import type { Platform } from '../oci/platform.ts';
import { type CacheSource, decodeCacheSources } from './cache-source.ts';
import {
  type Decoder,
  digest,
  finite,
  flag,
  list,
  oneOf,
  record,
  shape,
  tagged,
  text,
  whole,
} from './decode.ts';
import { decodePlatform } from './image-resolve.ts';
import { decodeRemoteContext } from './remote-context.ts';

export const BUILDS_PATH = '/naru/v1/builds';

/** `GET` of it: what an engine is busy with, for whoever is about to replace it. */
export interface BuildsAnswer {
  /** Builds that run, of Docker's API too. */
  readonly nRunning: number;
}
export const BUILD_EVENTS_TYPE = 'application/x-ndjson';

/** Code of a warning that one of BuildKit's checks gives; its message begins with the name of the check. */
export const CHECK_WARNING = 'W_CHECK';

export function buildEventsPath(build: string, after: number): string {
  return `${BUILDS_PATH}/${encodeURIComponent(build)}/events?after=${after}`;
}

/** `BuildOptions` as JSON: maps are objects. */
export interface BuildOptionsBody
  extends Omit<BuildOptions, 'buildArgs' | 'labels' | 'buildContexts' | 'buildPlatform' | 'platform'> {
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly buildContexts: Readonly<Record<string, string>>;
  /** Absent: the engine's own. */
  readonly platform?: Platform;
}

export interface BuildRequest {
  /** `path` is what errors and events call it. */
  /** Without `text` it is `path` in the main context, which is then an address (`options.context`). */
  readonly dockerfile: { readonly path: string; readonly text?: string };
  /** Ids of synced contexts by name; '' is the main one, absent where that is an address. */
  readonly contexts: Readonly<Record<string, string>>;
  /** Identifies the Dockerfile across edits (StepOrigin.project). */
  readonly project: string;
  readonly options: BuildOptionsBody;
  readonly tags: readonly string[];
  /** Contents by id, base64; kept in memory for the build alone. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Sessions of SSH agents (agent-stream.ts) by the id of `--ssh`. */
  readonly agents?: Readonly<Record<string, string>>;
  /** Ask registries for base images even when they are local. */
  readonly pulls: boolean;
  /** Searched in order after the engine's own cache. */
  readonly cacheFrom?: readonly CacheSource[];
  /** Put records of the image's own layers into its config. */
  readonly isCacheInlined?: boolean;
  /** Absent: an image that the engine keeps. */
  readonly makes?: BuildMakes;
  /** The client's connection may break while the client goes on, as over SSH: the build then waits for it some seconds. */
  readonly mayComeBack?: boolean;
}

/** What a build is for: an image that the engine keeps and tags; an image that is only sent away; or files, for which no layer is hashed (build-output.ts). */
export const BUILD_MAKES = ['image', 'archive', 'files'] as const;
export type BuildMakes = (typeof BUILD_MAKES)[number];

export type StepState = 'CACHED' | 'RUN' | 'RELINK' | 'FREE' | 'SKIPPED';

interface Sequenced {
  /** Counts up by 1 from 1. */
  readonly seq: number;
}

export type BuildEvent = Sequenced &
  (
    | { readonly type: 'started'; readonly build: string }
    /** A step begins to run; cached ones have no such event. */
    | { readonly type: 'begin'; readonly stage: string; readonly line: number; readonly instruction: string }
    | {
        readonly type: 'step';
        readonly stage: string;
        readonly line: number;
        readonly instruction: string;
        readonly state: StepState;
        readonly seconds: number;
        readonly bytes: number;
      }
    | {
        readonly type: 'log';
        readonly stage: string;
        readonly line: number;
        readonly stream: 'stdout' | 'stderr';
        /** As written by the command; not always whole lines. */
        readonly text: string;
      }
    /** The client is asked for a layer of a carried cache (cache-carry.ts). */
    | { readonly type: 'fetch'; readonly diffId: Digest; readonly cache: string }
    /** A base image on its way; `bytes` of `totalBytes` so far. */
    | {
        readonly type: 'pull';
        readonly reference: string;
        readonly bytes: number;
        readonly totalBytes: number;
      }
    | { readonly type: 'warning'; readonly line: number; readonly code: string; readonly message: string }
    /** The last event of a build that failed. `line` and `column` are 1-based; 0 where no line is at fault. */
    | {
        readonly type: 'error';
        readonly file: string;
        readonly line: number;
        readonly column: number;
        readonly code: string;
        readonly message: string;
        readonly hint?: string;
      }
    /** The last event of a build that succeeded: the image ID, '' where only files were made. */
    | { readonly type: 'result'; readonly image: string; readonly tags: readonly string[] }
  );

const decodeOptions: Decoder<BuildOptionsBody> = shape<BuildOptionsBody>(
  {
    buildArgs: record(text),
    labels: record(text),
    buildContexts: record(text),
    noCache: flag,
    noCacheFilter: list(text),
    extraHosts: list(
      shape<{ readonly name: string; readonly address: string }>({ name: text, address: text }, {}),
    ),
    network: oneOf('default', 'none', 'host'),
    allowed: list(oneOf(...ENTITLEMENTS)),
    ulimits: list(
      shape<{ readonly name: string; readonly soft: number; readonly hard: number }>(
        { name: text, soft: whole, hard: whole },
        {},
      ),
    ),
    secretIds: list(text),
    sshIds: list(text),
  },
  {
    context: decodeRemoteContext,
    platform: decodePlatform,
    target: text,
    shmSizeBytes: whole,
    cgroupParent: text,
    sourceDateEpoch: whole,
    keepsFileTimes: flag,
  },
);

export const decodeBuildRequest: Decoder<BuildRequest> = shape<BuildRequest>(
  {
    dockerfile: shape<BuildRequest['dockerfile']>({ path: text }, { text }),
    contexts: record(text),
    project: text,
    options: decodeOptions,
    tags: list(text),
    secrets: record(text),
    pulls: flag,
  },
  {
    agents: record(text),
    cacheFrom: decodeCacheSources,
    isCacheInlined: flag,
    makes: oneOf(...BUILD_MAKES),
    mayComeBack: flag,
  },
);

type EventOf<T extends BuildEvent['type']> = Extract<BuildEvent, { readonly type: T }>;

const STEP = { seq: whole, stage: text, line: whole } as const;

export const decodeBuildEvent: Decoder<BuildEvent> = tagged<BuildEvent>('type', {
  started: shape<EventOf<'started'>>({ seq: whole, type: oneOf('started'), build: text }, {}),
  begin: shape<EventOf<'begin'>>({ ...STEP, type: oneOf('begin'), instruction: text }, {}),
  step: shape<EventOf<'step'>>(
    {
      ...STEP,
      type: oneOf('step'),
      instruction: text,
      state: oneOf('CACHED', 'RUN', 'RELINK', 'FREE', 'SKIPPED'),
      seconds: finite,
      bytes: finite,
    },
    {},
  ),
  log: shape<EventOf<'log'>>({ ...STEP, type: oneOf('log'), stream: oneOf('stdout', 'stderr'), text }, {}),
  fetch: shape<EventOf<'fetch'>>({ seq: whole, type: oneOf('fetch'), diffId: digest, cache: text }, {}),
  pull: shape<EventOf<'pull'>>(
    { seq: whole, type: oneOf('pull'), reference: text, bytes: finite, totalBytes: finite },
    {},
  ),
  warning: shape<EventOf<'warning'>>(
    { seq: whole, type: oneOf('warning'), line: whole, code: text, message: text },
    {},
  ),
  error: shape<EventOf<'error'>>(
    { seq: whole, type: oneOf('error'), file: text, line: whole, column: whole, code: text, message: text },
    { hint: text },
  ),
  result: shape<EventOf<'result'>>({ seq: whole, type: oneOf('result'), image: text, tags: list(text) }, {}),
});

/** Options for the wire; the platform of the engine is left to the engine. */
export function encodeBuildOptions(options: BuildOptions): BuildOptionsBody {
  const { buildPlatform: _, ...rest } = options;
  return {
    ...rest,
    buildArgs: Object.fromEntries(options.buildArgs),
    labels: Object.fromEntries(options.labels),
    buildContexts: Object.fromEntries(options.buildContexts),
  };
}

/** The other way; `enginePlatform` is what runs the build. */
export function readBuildOptions(body: BuildOptionsBody, enginePlatform: Platform): BuildOptions {
  return {
    ...body,
    platform: body.platform ?? enginePlatform,
    buildPlatform: enginePlatform,
    buildArgs: new Map(Object.entries(body.buildArgs)),
    labels: new Map(Object.entries(body.labels)),
    buildContexts: new Map(Object.entries(body.buildContexts)),
  };
}
