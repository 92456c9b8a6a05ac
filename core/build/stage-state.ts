/**
 * What planning a stage carries from one instruction to the next: variables, image config, history and the filesystem so far.
 * Follows BuildKit's dispatchState (frontend/dockerfile/dockerfile2llb/convert.go): ARG and ENV share one environment in which the later one wins.
 */

import { expand } from '../dockerfile/expansion.ts';
import { goQuote } from '../dockerfile/go-quote.ts';
import type { Instruction, Stage } from '../dockerfile/types.ts';
import type { ImageConfig } from '../oci/image-config.ts';
import type { Platform } from '../oci/platform.ts';
import type { Span } from '../source.ts';

import type { Op, VertexId } from './ops.ts';
import type { Planner, StageState } from './planner.ts';
import { resolvePath } from './unix-path.ts';

export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A stage on `base`: its variables, config and history are taken over. */
export function stateOver(
  planner: Planner,
  stage: Stage,
  platform: Platform,
  base: { readonly config: ImageConfig; readonly state?: StageState },
): StageState {
  const state: StageState = {
    planner,
    stage,
    name: stage.name ?? String(stage.index),
    platform,
    variables: new Map(base.state?.variables),
    argNames: new Set(base.state?.argNames),
    config: { ...base.config.config },
    author: base.config.author,
    history: [...(base.config.history ?? [])],
    root: undefined,
    vertices: [],
    hasCommand: false,
    trigger: undefined,
  };
  for (const entry of state.config.Env ?? []) {
    const [name, value] = splitVariable(entry);
    setVariable(state, name, value);
  }
  if (!state.variables.has('PATH')) setEnv(state, 'PATH', DEFAULT_PATH);
  return state;
}

/** Whether nothing below the next step has files: no step of the stage so far, and nothing that it starts from. */
export function isEmpty({ planner, root }: Pick<StageState, 'planner' | 'root'>): boolean {
  for (let id = root; id !== undefined; ) {
    const vertex = planner.vertices[id];
    if (vertex === undefined || vertex.op.kind === 'scratch') return true;
    if (vertex.op.kind !== 'stage' && vertex.op.kind !== 'metadata') return false;
    id = vertex.root;
  }
  return true;
}

/** ENV: the process and the image see it. */
export function setEnv(state: StageState, name: string, value: string): void {
  setVariable(state, name, value);
  const env = [...(state.config.Env ?? [])];
  const at = env.findIndex((entry) => splitVariable(entry)[0] === name);
  if (at < 0) env.push(`${name}=${value}`);
  else env[at] = `${name}=${value}`;
  state.config = { ...state.config, Env: env };
}

/** ARG: the process sees it, the image does not keep it. */
export function setArg(state: StageState, name: string, value: string): void {
  state.variables.set(name, value);
  state.argNames.add(name);
}

/** Expands one word; a fault is reported and answers ''. */
export function expandText(state: StageState, text: string, span: Span): string {
  const expansion = expand(text, {
    escape: state.planner.dockerfile.escape,
    lookup: (name) => state.variables.get(name),
  });
  reportFault(state, text, expansion.fault, span);
  return expansion.text;
}

/** Expands to words: a value with blanks gives several. */
export function expandWords(state: StageState, text: string, span: Span): readonly string[] {
  const expansion = expand(text, {
    escape: state.planner.dockerfile.escape,
    lookup: (name) => state.variables.get(name),
  });
  reportFault(state, text, expansion.fault, span);
  return expansion.words.map((word) => word.text);
}

/** Body of a COPY heredoc: quotes are content. */
export function expandBody(state: StageState, text: string, span: Span): string {
  const expansion = expand(text, {
    escape: '\\',
    lookup: (name) => state.variables.get(name),
    ignoresQuotes: true,
  });
  reportFault(state, text, expansion.fault, span);
  return expansion.text;
}

/** At the FROM while triggers run. A word that is expanded twice, for the step and for the history, is told once. */
export function report(state: StageState, code: string, message: string, span: Span, hint?: string): void {
  const { start, end } = state.trigger === undefined ? span : state.stage.from.span;
  const isTold = state.planner.problems.some(
    (told) => told.message === message && told.span.start === start && told.span.end === end,
  );
  if (isTold) return;
  state.planner.problems.push({
    code,
    severity: 'error',
    message,
    span: { start, end },
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Adds a history entry; `withLayer` for steps that make one. Answers its index. */
export function addHistory(state: StageState, createdBy: string, withLayer: boolean): number {
  state.history.push({
    created_by: createdBy,
    comment: 'buildkit.dockerfile.v0',
    ...(withLayer ? {} : { empty_layer: true }),
  });
  return state.history.length - 1;
}

export interface StepOptions {
  readonly isImplicit?: boolean;
  /** Without the stage's filesystem below it. */
  readonly isRootless?: boolean;
  readonly isForced?: boolean;
  readonly historyIndex?: number;
}

/** Adds a vertex for `instruction`. One that is not implicit becomes the stage's filesystem. */
export function addStep(
  state: StageState,
  instruction: Instruction,
  op: Op,
  options: StepOptions = {},
): VertexId {
  const from = state.trigger === undefined ? instruction : state.stage.from;
  const root = options.isRootless === true || state.root === undefined ? {} : { root: state.root };
  const id = state.planner.vertices.length;
  state.planner.vertices.push({
    id,
    op,
    ...root,
    stageIndex: state.stage.index,
    stageName: state.name,
    line: from.line + 1,
    place: placeOf(state, op),
    span: from.span,
    instruction: instructionText(state, instruction),
    isImplicit: options.isImplicit === true,
    isForced: options.isForced === true && isForcedStage(state),
    ...(options.historyIndex === undefined ? {} : { historyIndex: options.historyIndex }),
  });
  state.vertices.push(id);
  if (options.isImplicit !== true) state.root = id;
  return id;
}

function placeOf({ planner, vertices }: StageState, { kind }: Op): string {
  const before = vertices.filter((id) => planner.vertices[id]?.op.kind === kind);
  return `${kind} ${before.length + 1}`;
}

export function currentDirectory(state: StageState): string {
  const directory = state.config.WorkingDir;
  return directory === undefined || directory === '' ? '/' : resolvePath('/', directory);
}

/** One line: keyword in capitals, flags and arguments as written. */
export function instructionText(state: StageState, instruction: Instruction): string {
  const { text } = state.planner.dockerfile;
  const flags =
    state.trigger === undefined
      ? instruction.flags.map((flag) => text.slice(flag.span.start, flag.span.end))
      : instruction.flags.map((flag) => `--${flag.name}${flag.value === undefined ? '' : `=${flag.value}`}`);
  return [instruction.keyword.toUpperCase(), ...flags, instruction.rest.text]
    .filter((part) => part !== '')
    .join(' ');
}

function isForcedStage(state: StageState): boolean {
  const { noCache, noCacheFilter } = state.planner.options;
  const name = state.stage.name?.toLowerCase();
  return noCache || (name !== undefined && noCacheFilter.some((filter) => filter.toLowerCase() === name));
}

function setVariable(state: StageState, name: string, value: string): void {
  state.variables.set(name, value);
  state.argNames.delete(name);
}

function splitVariable(entry: string): readonly [string, string] {
  const equals = entry.indexOf('=');
  return equals < 0 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
}

function reportFault(
  state: StageState,
  text: string,
  fault: { readonly message: string; readonly span: Span } | undefined,
  span: Span,
): void {
  if (fault !== undefined)
    report(state, 'E_EXPANSION', `failed to process ${goQuote(text)}: ${fault.message}`, span);
}
