/** How a stage begins: on an image, on another stage, on a context, on nothing; and what its config is when it is done. */

import { expand } from '../dockerfile/expansion.ts';
import { goQuote } from '../dockerfile/go-quote.ts';
import { suggestion } from '../dockerfile/suggestion.ts';
import type { Stage } from '../dockerfile/types.ts';
import type { ImageConfig } from '../oci/image-config.ts';
import type { Platform } from '../oci/platform.ts';
import type { Span } from '../source.ts';

import { readFromPlatform } from './from-platform.ts';
import type { CopyOp, Op } from './ops.ts';
import type { Planner, StageState } from './planner.ts';
import { findBase, imageOp, namedSource, type NamedSource, remoteOp } from './sources.ts';
import { addHistory, addStep, report, stateOver } from './stage-state.ts';

/** FROM: the state over an image, a stage, a context or nothing, with its vertex added. */
export async function startStage(planner: Planner, stage: Stage): Promise<StageState> {
  const { from } = stage;
  const name = expandGlobal(planner, from.image?.text ?? '', from.image?.span ?? from.span);
  const platform = stagePlatform(planner, stage);
  const source = findBase(planner, name, stage.index);
  if (source.kind === 'stage') {
    const base = await planner.planStage(source.index);
    if (base !== undefined) return startOver(planner, stage, platform, base);
  }
  const span = from.image?.span ?? from.span;
  const op = await baseOp(planner, source.kind === 'stage' ? imageNamed(name) : source, platform, span);
  const state = stateOver(planner, stage, platform, { config: baseConfig(op, platform) });
  if (name === '') {
    report(state, 'E_FROM', `base name (${from.image?.text ?? ''}) should not be blank`, from.span);
  }
  addBase(state, op);
  return state;
}

/**
 * A stage whose name the caller gave to something else (`--build-context`), with the FROM's vertex; undefined for every other.
 * None of its instructions count, and where it is no image its config is empty.
 */
export async function replacedStage(planner: Planner, stage: Stage): Promise<StageState | undefined> {
  const given = stage.name === undefined ? undefined : namedSource(planner, stage.name.toLowerCase());
  if (given === undefined) return undefined;
  const platform = stagePlatform(planner, stage);
  const op = await baseOp(planner, given, platform, stage.from.span);
  const state = stateOver(planner, stage, platform, { config: baseConfig(op, platform) });
  if (op.kind !== 'image') state.config = {};
  addBase(state, op);
  return state;
}

/** The image config as it stands: `rootfs` is that of the base image, layers are added when they are made. */
export function stageConfig(state: StageState): ImageConfig {
  return {
    ...state.platform,
    ...(state.author === undefined ? {} : { author: state.author }),
    config: state.config,
    rootfs: { type: 'layers', diff_ids: baseDiffIds(state) },
    history: state.history,
  };
}

function startOver(planner: Planner, stage: Stage, platform: Platform, base: StageState): StageState {
  const state = stateOver(planner, stage, platform, { config: stageConfig(base), state: base });
  state.root = base.root;
  addStep(state, stage.from, { kind: 'stage' });
  return state;
}

/** What the files below a stage come from, when that is no stage. */
async function baseOp(
  planner: Planner,
  source: NamedSource | { readonly kind: 'scratch' },
  platform: Platform,
  span: Span,
): Promise<Op> {
  switch (source.kind) {
    case 'scratch':
      return { kind: 'scratch' };
    case 'image':
      return imageOp(planner, source, platform, span);
    case 'context':
      return wholeContext(source.name);
    case 'remote':
      return remoteOp(source.source);
    case 'fault':
      planner.problems.push({ code: 'E_CONTEXT', severity: 'error', message: source.message, span });
      return { kind: 'scratch' };
  }
}

function imageNamed(reference: string): NamedSource {
  return { kind: 'image', reference, isGiven: false };
}

/** `FROM` a directory: all its files on nothing. */
function wholeContext(name: string): CopyOp {
  return {
    kind: 'copy',
    instruction: 'COPY',
    from: { kind: 'context', name },
    sources: [{ kind: 'path', path: '.' }],
    destination: '/',
    isDestinationDirectory: true,
    excludes: [],
    keepsParents: false,
    isLink: false,
    unpacks: false,
  };
}

/** The FROM as a step. What is not an image makes a layer of its own. */
function addBase(state: StageState, op: Op): void {
  const isFiles = op.kind === 'copy' || op.kind === 'git' || op.kind === 'http';
  const name = state.stage.from.image?.text ?? '';
  const historyIndex = isFiles ? { historyIndex: addHistory(state, `FROM ${name}`, true) } : {};
  addStep(state, state.stage.from, isEmptyImage(op) ? { kind: 'scratch' } : op, historyIndex);
}

/** `onUnknown` is told the variables that have no value. */
function expandGlobal(
  planner: Planner,
  text: string,
  span: Span,
  onUnknown?: (name: string) => void,
): string {
  const expansion = expand(text, {
    escape: planner.dockerfile.escape,
    lookup: (name) => {
      const value = planner.globals.get(name);
      if (value === undefined) onUnknown?.(name);
      return value;
    },
  });
  if (expansion.fault !== undefined) {
    const message = `failed to process ${goQuote(text)}: ${expansion.fault.message}`;
    planner.problems.push({ code: 'E_EXPANSION', severity: 'error', message, span });
  }
  return expansion.text;
}

function stagePlatform(planner: Planner, stage: Stage): Platform {
  const flag = stage.from.flags.find((candidate) => candidate.name === 'platform');
  if (flag?.value === undefined) return planner.options.platform;
  const span = flag.valueSpan ?? flag.span;
  const names = [...planner.globals.keys()];
  let guess: string | undefined;
  const text = expandGlobal(planner, flag.value, span, (name) => {
    guess ??= suggestion(name, names, 'case-sensitive');
  });
  const read = readFromPlatform({ written: flag.value, text, guess }, planner.options.buildPlatform);
  if ('platform' in read) return read.platform;
  planner.problems.push({ code: 'E_PLATFORM', severity: 'error', message: read.fault, span });
  return planner.options.platform;
}

/** Docker: the time of the base is not taken over. An image that is not known counts as empty. */
function baseConfig(op: Op, platform: Platform): ImageConfig {
  const known = op.kind === 'image' ? op.image?.config : undefined;
  if (known !== undefined) {
    const { created: _, ...config } = known;
    return config;
  }
  return {
    ...platform,
    config: { WorkingDir: '/' },
    rootfs: { type: 'layers', diff_ids: [] },
  };
}

function isEmptyImage(op: Op): boolean {
  return op.kind === 'image' && op.image?.config.rootfs.diff_ids.length === 0;
}

/** The layers of the image that a stage, or the chain of stages below it, stands on. */
function baseDiffIds(state: StageState): ImageConfig['rootfs']['diff_ids'] {
  const { vertices } = state.planner;
  let at = vertices[state.vertices[0] ?? -1];
  while (at !== undefined && at.root !== undefined) at = vertices[at.root];
  return at?.op.kind === 'image' ? (at.op.image?.config.rootfs.diff_ids ?? []) : [];
}
