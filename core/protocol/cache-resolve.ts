/**
 * "Which of these vertices would hit?": one question for a whole plan, answered by the engine with `lookupPlan` over its cache.
 * HTTP: `POST /naru/v1/cache/resolve`. The server asks its editor the same (preview.ts), which asks here.
 */

import type {
  CacheRecord,
  ComponentKind,
  ContextKeys,
  CopySelection,
  KeyComponent,
  Selection,
  SelectionRequest,
  StepOrigin,
  VertexLookup,
  VertexRequest,
} from '../build/cache-record.ts';
import type { Op } from '../build/ops.ts';
import type { SelectionFault } from '../context/selected.ts';
import { type CacheSource, decodeCacheSources } from './cache-source.ts';
import { type Decoder, digest, finite, flag, list, oneOf, shape, tagged, text, whole } from './decode.ts';

export const CACHE_RESOLVE_PATH = '/naru/v1/cache/resolve';

export interface CacheResolveRequest {
  /** Inputs before what uses them. */
  readonly vertices: readonly VertexRequest[];
  /** As the build will be given them. */
  readonly cacheFrom?: readonly CacheSource[];
}

export interface CacheResolveAnswer {
  /** One per vertex, in the order asked. */
  readonly lookups: readonly VertexLookup[];
}

const OP_KINDS: readonly Op['kind'][] = [
  'image',
  'scratch',
  'stage',
  'metadata',
  'run',
  'copy',
  'mkdir',
  'merge',
  'http',
  'git',
];

const COMPONENT_KINDS: readonly ComponentKind[] = [
  'command',
  'env',
  'arg',
  'workdir',
  'user',
  'option',
  'host',
  'mount',
  'flag',
  'destination',
  'file',
  'base',
  'source',
  'platform',
];

export const decodeOrigin: Decoder<StepOrigin> = shape<StepOrigin>(
  { project: text, stage: text, line: whole, instruction: text },
  { place: text, args: text },
);

const decodeCopySelection: Decoder<CopySelection> = shape<CopySelection>(
  {
    kind: oneOf('copy'),
    sources: list(text),
    destination: text,
    isDestinationDirectory: flag,
    excludes: list(text),
    keepsParents: flag,
  },
  { chown: text, chmod: text, unpacks: flag, isExact: flag },
);

const decodeSelection: Decoder<Selection> = tagged<Selection>('kind', {
  copy: decodeCopySelection,
  tree: shape<Extract<Selection, { kind: 'tree' }>>({ kind: oneOf('tree'), path: text }, {}),
  layer: shape<Extract<Selection, { kind: 'layer' }>>({ kind: oneOf('layer') }, {}),
});

const decodeVertexRequest: Decoder<VertexRequest> = shape<VertexRequest>(
  {
    id: whole,
    kind: oneOf(...OP_KINDS),
    sources: list(shape<SelectionRequest>({ vertex: whole, selection: decodeSelection }, {})),
    isForced: flag,
    allowsCutOff: flag,
    origin: decodeOrigin,
  },
  {
    givenKey: digest,
    local: digest,
    localExact: digest,
    context: shape<ContextKeys>({ local: digest }, { content: digest }),
    root: whole,
  },
);

export const decodeCacheResolveRequest: Decoder<CacheResolveRequest> = shape<CacheResolveRequest>(
  { vertices: list(decodeVertexRequest) },
  { cacheFrom: decodeCacheSources },
);

export const decodeComponent: Decoder<KeyComponent> = shape<KeyComponent>(
  { kind: oneOf(...COMPONENT_KINDS), name: text, value: text },
  { path: text },
);

const decodeRecord: Decoder<CacheRecord> = shape<CacheRecord>(
  {
    key: digest,
    aliases: list(digest),
    partial: digest,
    origin: decodeOrigin,
    components: list(decodeComponent),
    result: text,
    seconds: finite,
    bytes: finite,
    createdAt: text,
  },
  { isKeyOnly: flag, rootKey: digest, sourceKeys: list(digest), contentDigest: digest },
);

const decodeFault: Decoder<SelectionFault> = shape<SelectionFault>(
  { kind: oneOf('missing', 'conflict', 'pattern'), message: text },
  { hint: text, source: text },
);

const decodeLookup: Decoder<VertexLookup> = tagged<VertexLookup>('outcome', {
  given: shape<Extract<VertexLookup, { outcome: 'given' }>>(
    { outcome: oneOf('given'), key: digest },
    { isKeyOnly: flag },
  ),
  hit: shape<Extract<VertexLookup, { outcome: 'hit' }>>(
    { outcome: oneOf('hit'), key: digest, record: decodeRecord },
    {},
  ),
  twin: shape<Extract<VertexLookup, { outcome: 'twin' }>>({ outcome: oneOf('twin'), of: whole }, {}),
  miss: shape<Extract<VertexLookup, { outcome: 'miss' }>>(
    { outcome: oneOf('miss'), cause: oneOf('absent', 'forced', 'root') },
    { key: digest, previous: decodeRecord, faults: list(decodeFault) },
  ),
  depends: shape<Omit<Extract<VertexLookup, { outcome: 'depends' }>, 'keys'>>(
    { outcome: oneOf('depends'), on: list(whole) },
    { previous: decodeRecord, faults: list(decodeFault) },
  ),
  unknown: shape<Extract<VertexLookup, { outcome: 'unknown' }>>(
    { outcome: oneOf('unknown'), on: list(whole) },
    { previous: decodeRecord },
  ),
});

export const decodeCacheResolveAnswer: Decoder<CacheResolveAnswer> = shape<CacheResolveAnswer>(
  { lookups: list(decodeLookup) },
  {},
);
