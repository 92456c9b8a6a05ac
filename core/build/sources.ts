/** What a name behind `FROM`, `--from=` or `from=` stands for: a named context, a stage, or an image. */

import { suggestion } from '../dockerfile/suggestion.ts';
import type { Instruction } from '../dockerfile/types.ts';
import { isErrorKind, type NaruError } from '../errors.ts';
import type { Platform } from '../oci/platform.ts';
import { parseReference } from '../oci/reference.ts';
import type { Problem, Span } from '../source.ts';

import { absentImage } from './absent-image.ts';
import { checkBasePlatform } from './base-platform.ts';
import { findNamedContext, type NamedContext, readNamedContext } from './named-contexts.ts';
import type { GitOp, HttpOp, ImageOp, SourceRef } from './ops.ts';
import type { Planner, StageState } from './planner.ts';
import { addContextOps } from './remote-context.ts';
import type { GitSource, HttpSource } from './remote-source.ts';
import { addStep, report } from './stage-state.ts';

export type Source =
  | { readonly kind: 'stage'; readonly index: number }
  | NamedSource
  | { readonly kind: 'scratch' };

export type NamedSource =
  /** `isGiven`: by the caller's `--build-context`, not by the Dockerfile. */
  | { readonly kind: 'image'; readonly reference: string; readonly isGiven: boolean }
  /** A directory the caller supplies. */
  | { readonly kind: 'context'; readonly name: string }
  /** A repository or a file that is fetched. */
  | { readonly kind: 'remote'; readonly name: string; readonly source: GitSource | HttpSource }
  | { readonly kind: 'fault'; readonly message: string };

/** What FROM stands on: a stage above `before`, found by name alone; named contexts win over stages, as in BuildKit. */
export function findBase(planner: Planner, name: string, before: number): Source {
  // Docker: FROM finds a stage by its name in lower case alone.
  return findByName(planner, name, name, before);
}

/** What COPY or a mount reads. `takesNumbers`: a number is a stage, whatever has it as its name. */
export function findSource(planner: Planner, name: string, takesNumbers: boolean): Source {
  if (takesNumbers && /^\d+$/.test(name)) return { kind: 'stage', index: Number(name) };
  return findByName(planner, name, name.toLowerCase(), planner.dockerfile.stages.length);
}

function findByName(planner: Planner, name: string, wanted: string, before: number): Source {
  const stage = planner.dockerfile.stages.findLast(
    (candidate) => candidate.index < before && candidate.name?.toLowerCase() === wanted,
  );
  const given = namedSource(planner, stage === undefined ? name : wanted);
  if (stage !== undefined) return given ?? { kind: 'stage', index: stage.index };
  if (wanted === 'scratch') return { kind: 'scratch' };
  return given ?? { kind: 'image', reference: name, isGiven: false };
}

/** The named context that takes the place of a stage, an image or a source. */
export function namedSource({ options }: Planner, name: string): NamedSource | undefined {
  const found = findNamedContext(options.buildContexts, name);
  if (found === undefined) return undefined;
  const context = readNamedContext(found.value);
  switch (context.kind) {
    case 'image':
      return { kind: 'image', reference: context.reference, isGiven: true };
    case 'git':
    case 'http':
      return { kind: 'remote', name: found.name, source: context };
    case 'fault':
      return context;
    case 'directory':
      return { kind: 'context', name: found.name };
    case 'layout':
      return { kind: 'fault', message: layoutMessage(context) };
  }
}

/** Whoever sends a build gives layouts as images; what arrives here lies where the engine cannot see it. */
function layoutMessage({ path }: Extract<NamedContext, { kind: 'layout' }>): string {
  return `the image layout ${path} was not sent`;
}

/** The source of a COPY or a mount as a vertex or context; undefined with a problem reported. */
export async function sourceFor(
  state: StageState,
  instruction: Instruction,
  name: string,
  { span, takesNumbers }: { readonly span: Span; readonly takesNumbers: boolean },
): Promise<SourceRef | undefined> {
  const source = findSource(state.planner, name, takesNumbers);
  switch (source.kind) {
    case 'context':
      return { kind: 'context', name: source.name };
    case 'remote':
      return { kind: 'vertex', vertex: fetchedContext(state, instruction, source) };
    case 'fault':
      report(state, 'E_CONTEXT', source.message, span);
      return undefined;
    case 'scratch':
      return { kind: 'vertex', vertex: hiddenStep(state, instruction, { kind: 'scratch' }) };
    case 'image': {
      // A trigger's own place is in another text.
      const place = state.trigger === undefined ? span : state.stage.from.span;
      // Docker: such an image is wanted for the platform of the build, not of the stage (dockerd 28.5.2).
      const op = await imageOp(state.planner, source, state.planner.options.platform, place);
      return { kind: 'vertex', vertex: hiddenStep(state, instruction, op) };
    }
    case 'stage':
      return stageSource(state, source.index, name, span);
  }
}

/** The main context: files that the caller supplies, or what is fetched from an address. */
export function mainContext(state: StageState, instruction: Instruction): SourceRef {
  const { context } = state.planner.options;
  if (context === undefined) return { kind: 'context', name: '' };
  const { fetched } = state.planner;
  const known = fetched.get('') ?? addContextOps(context, (op) => hiddenStep(state, instruction, op));
  fetched.set('', known);
  return { kind: 'vertex', vertex: known, isContext: true };
}

/** A named context that is fetched, once for all who read it. */
function fetchedContext(
  state: StageState,
  instruction: Instruction,
  { name, source }: Extract<NamedSource, { kind: 'remote' }>,
): number {
  const { fetched } = state.planner;
  const known = fetched.get(name) ?? hiddenStep(state, instruction, remoteOp(source));
  fetched.set(name, known);
  return known;
}

/** Docker: an archive at an address is a file here, and nothing is unpacked. */
export function remoteOp(source: GitSource | HttpSource): GitOp | HttpOp {
  if (source.kind === 'http') return source;
  const { keepsGitDirectory = false, ...rest } = source;
  return { ...rest, keepsGitDirectory };
}

/** Asks the resolver; an unknown image is an op without `image`, reported at `span` as a warning: a preview goes on without it. What is wrong with the name is an error there. */
export async function imageOp(
  planner: Planner,
  { reference, isGiven }: Pick<Extract<NamedSource, { kind: 'image' }>, 'reference' | 'isGiven'>,
  platform: Platform,
  span: Span,
): Promise<ImageOp> {
  const op: ImageOp = { kind: 'image', reference, platform };
  const asked = isGiven ? reference : asName(reference);
  try {
    if (reference === '') return op;
    parseReference(withLibrary(reference));
    const image = await planner.resolveImage(asked, platform);
    if (image === undefined) {
      reportImage(planner, absentImage(reference), reference, span, 'warning');
      return op;
    }
    checkBasePlatform(image, reference, platform);
    return { ...op, image };
  } catch (error) {
    if (!isErrorKind(error, 'not-found') && !isErrorKind(error, 'invalid-argument')) throw error;
    const isName = error.code === 'E_REFERENCE' && !isGiven;
    const told = error.code === 'E_NO_IMAGE' && asked !== reference ? absentImage(reference) : error;
    const message = isName
      ? `failed to parse stage name ${JSON.stringify(reference)}: ${error.message}`
      : told.message;
    reportImage(planner, { code: error.code, message, hint: told.hint }, reference, span, 'error');
    return { ...op, fault: message };
  }
}

function reportImage(
  planner: Planner,
  { code, message, hint: ownHint }: Pick<NaruError, 'code' | 'message' | 'hint'>,
  reference: string,
  span: Span,
  severity: Problem['severity'],
): void {
  const hint = stageHint(planner, reference, span) ?? contextHint(planner, reference, span, ownHint);
  planner.problems.push({ code, severity, message, span, ...(hint === undefined ? {} : { hint }) });
}

/** A stage above that the name may have meant. */
function stageHint({ dockerfile }: Planner, reference: string, span: Span): string | undefined {
  const above = dockerfile.stages.filter((stage) => stage.from.span.end < span.start);
  const names = above.flatMap(({ name }) => name ?? []);
  const meant = suggestion(reference, names, 'case-insensitive');
  return meant === undefined ? undefined : `did you mean stage ${meant}?`;
}

/** What --from names may be a context as well, where it is no more than a word. */
function contextHint(
  { dockerfile }: Planner,
  reference: string,
  span: Span,
  hint: string | undefined,
): string | undefined {
  const isFrom = dockerfile.stages.some(
    ({ from }) => from.span.start <= span.start && span.start < from.span.end,
  );
  if (isFrom || !/^[A-Za-z][\w.-]*$/.test(reference)) return hint;
  const given = `a context of that name is given with --build-context ${reference}=FOLDER`;
  return hint === undefined ? given : `${given}; an image: ${hint}`;
}

/** Docker completes a name before it looks at its letters, and says so in the message. */
function withLibrary(reference: string): string {
  return reference.includes('/') || /^[0-9a-f]{64}$/.test(reference) ? reference : `library/${reference}`;
}

/** BuildKit: no image is named by its ID, and `sha256:…` is a repository with a tag. As a given context it is the image of a layout. */
function asName(reference: string): string {
  return reference.startsWith('sha256:') ? `library/${reference}` : reference;
}

const SELF_HINT = 'a stage cannot copy from itself or from one that needs it';

async function stageSource(
  state: StageState,
  index: number,
  name: string,
  span: Span,
): Promise<SourceRef | undefined> {
  const { planner, stage } = state;
  const isNumber = /^\d+$/.test(name);
  if (index === stage.index && isNumber) {
    const self = stage.name ?? `stage-${index}`;
    report(state, 'E_STAGE_CYCLE', `circular dependency detected on stage: ${self}`, span, SELF_HINT);
    return undefined;
  }
  if (index > stage.index && index < planner.dockerfile.stages.length && !planner.open.has(index)) {
    const current = stage.name ?? String(stage.index);
    const message = `cannot copy from stage ${JSON.stringify(name)}, it needs to be defined before current stage ${JSON.stringify(current)}`;
    report(state, 'E_STAGE', message, span, 'move the stage up');
    return undefined;
  }
  if (index >= planner.dockerfile.stages.length || (isNumber && index >= stage.index)) {
    report(state, 'E_STAGE', `invalid stage index ${name}`, span, 'a stage can be used once it is complete');
    return undefined;
  }
  const planned = await planner.planStage(index);
  if (planned?.root !== undefined) return { kind: 'vertex', vertex: planned.root };
  if (planner.open.has(index)) {
    const message = `circular dependency detected on stage: ${state.name}`;
    report(state, 'E_STAGE_CYCLE', message, backReference(state, index) ?? span, SELF_HINT);
  }
  return undefined;
}

/** Docker: a cycle over two stages is told where the later one names the earlier. */
function backReference({ planner, stage }: StageState, later: number): Span | undefined {
  if (later <= stage.index) return undefined;
  const name = stage.name?.toLowerCase();
  const back = planner.dockerfile.stages[later]?.instructions.find(({ flags }) =>
    flags.some((flag) => flag.name === 'from' && flag.value?.toLowerCase() === name),
  );
  return back?.span;
}

function hiddenStep(state: StageState, instruction: Instruction, op: Parameters<typeof addStep>[2]): number {
  return addStep(state, instruction, op, { isImplicit: true, isRootless: true });
}
