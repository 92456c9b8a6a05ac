/**
 * What the instructions of each stage mean when they are evaluated in order: variables as they stand, words expanded, triggers of ONBUILD run.
 * Follows BuildKit's dispatch (frontend/dockerfile/dockerfile2llb/convert.go) as far as its checks look; nothing is planned or built here.
 */

import { expand } from '../dockerfile/expansion.ts';
import { stageReferences } from '../dockerfile/stage-references.ts';
import { suggestion } from '../dockerfile/suggestion.ts';
import type {
  ArgInstruction,
  Dockerfile,
  EnvInstruction,
  Instruction,
  Stage,
  Word,
} from '../dockerfile/types.ts';
import { type ExpandableText, expandableTexts, sourceSpan } from '../dockerfile/variables.ts';
import type { Span } from '../source.ts';
import { byName, type InstructionNamed } from './placed.ts';
import { PLATFORM_ARGUMENTS } from './platform-arguments.ts';
import { namedInStages, stageTriggers } from './references.ts';
import type { LintContext } from './rule.ts';
import { earlierStage, parentStages } from './stage-graph.ts';

export interface UndefinedVariable {
  readonly name: string;
  readonly span: Span;
  readonly nameSpan: Span;
  /** The text says what to use instead: `${v:-w}`, `${v:+w}`. */
  readonly hasAlternative: boolean;
  /** The nearest variable that is set. */
  readonly suggestion?: string;
}

export interface EvaluatedInstruction<Kind extends Instruction = Instruction> {
  readonly instruction: Kind;
  readonly stage: Stage;
  /** Where it takes effect: the FROM for a trigger of the stage below, otherwise the instruction itself. */
  readonly at: Instruction;
  /** Once for each text that uses it. */
  readonly undefinedVariables: readonly UndefinedVariable[];
  /** Of COPY, ADD: the sources; of WORKDIR: the path; of EXPOSE: the ports. Variables that are not set are empty. */
  readonly words: readonly Word[];
  /** SHELL was set before, here or in the stage below. */
  readonly hasShell: boolean;
  /** WORKDIR was, in the same way. */
  readonly hasWorkdir: boolean;
  /** `windows` where FROM says so. */
  readonly os: string;
}

/** Variables of the base images, by the name FROM gives them after expansion. Images that are not known have PATH only. */
type BaseVariables = (image: string) => ReadonlyMap<string, string> | undefined;

/** The instructions of these names, in file order, triggers before the instructions of the stage they run in; all when none is named. RUNs without flags are left out. */
export function evaluated<Name extends Instruction['name']>(
  context: LintContext,
  ...names: readonly Name[]
): readonly EvaluatedInstruction<InstructionNamed<Name>>[] {
  const all = context.once(evaluate);
  // The list holds these kinds only.
  return (names.length === 0 ? all : context.once(evaluatedByName)(names)) as readonly EvaluatedInstruction<
    InstructionNamed<Name>
  >[];
}

function evaluatedByName(context: LintContext): ReturnType<typeof byName<EvaluatedInstruction>> {
  return byName(context.once(evaluate));
}

function evaluate(context: LintContext): readonly EvaluatedInstruction[] {
  const { dockerfile, options } = context;
  const baseVariables: BaseVariables = (image) => options.baseImages?.get(image)?.variables;
  const parents = context.once(parentStages);
  const globals = globalVariables(dockerfile);
  const built = builtStages(context, parents);
  const triggersIn = context.once(stageTriggers);
  const states = new Map<Stage, StageVariables>();
  const found: EvaluatedInstruction[] = [];
  for (const stage of dockerfile.stages) {
    const parent = parents.get(stage);
    const below = parent === undefined ? undefined : states.get(parent);
    const state = below === undefined ? baseState(dockerfile, stage, globals, baseVariables) : onTop(below);
    states.set(stage, state);
    const triggers = built.has(stage) ? (triggersIn.get(parent) ?? []) : [];
    for (const trigger of triggers) found.push(step(dockerfile, state, stage, trigger, stage.from));
    for (const instruction of stage.instructions) {
      if (isEvaluated(instruction)) found.push(step(dockerfile, state, stage, instruction, instruction));
    }
  }
  return found;
}

/** Of a RUN only the flags are; its command line is the shell's. */
function isEvaluated({ flags, name }: Instruction): boolean {
  return name !== 'RUN' || flags.length > 0;
}

/** Docker: a check looks at all stages, but triggers run only in those that the last one needs (28.5.2, measured). */
function builtStages(
  { dockerfile, once }: LintContext,
  parents: ReadonlyMap<Stage, Stage>,
): ReadonlySet<Stage> {
  const built = new Set<Stage>();
  const waiting = dockerfile.stages.slice(-1);
  for (let stage = waiting.pop(); stage !== undefined; stage = waiting.pop()) {
    if (built.has(stage)) continue;
    built.add(stage);
    const current = stage;
    const parent = parents.get(stage);
    if (parent !== undefined) waiting.push(parent);
    const triggers = once(stageTriggers).get(parent) ?? [];
    const named = triggers.flatMap(stageReferences).map(({ name }) => name);
    for (const name of [...named, ...(once(namedInStages).get(stage) ?? [])]) {
      const source = earlierStage(dockerfile, name, current);
      if (source !== undefined) waiting.push(source);
    }
  }
  return built;
}

/** ARGs before the first FROM with their defaults, above the variables of the platform; undefined for those without a default. */
export function globalVariables(dockerfile: Dockerfile): Map<string, string | undefined> {
  const values = new Map<string, string | undefined>(PLATFORM_ARGUMENTS);
  for (const instruction of dockerfile.preamble) {
    if (instruction.name !== 'ARG') continue;
    for (const { key, value } of instruction.variables) {
      if (value === undefined) {
        if (!values.has(key.text)) values.set(key.text, undefined);
        continue;
      }
      const { escape } = dockerfile;
      values.set(key.text, expand(value.text, { escape, lookup: (name) => values.get(name) }).text);
    }
  }
  return values;
}

/** Changes while its stage is walked. */
interface StageVariables {
  /** ENV and ARG in the order they were last set. */
  readonly values: Map<string, string>;
  /** Declared by ARG, with a value or not. */
  readonly declared: Set<string>;
  readonly globals: ReadonlyMap<string, string | undefined>;
  readonly os: string;
  hasShell: boolean;
  hasWorkdir: boolean;
}

function baseState(
  dockerfile: Dockerfile,
  stage: Stage,
  globals: ReadonlyMap<string, string | undefined>,
  baseVariables: BaseVariables,
): StageVariables {
  const lookup = (name: string): string | undefined => globals.get(name);
  const expandGlobal = (text: string): string => expand(text, { escape: dockerfile.escape, lookup }).text;
  const platform = stage.from.flags.find(({ name }) => name === 'platform')?.value ?? '';
  const os = expandGlobal(platform).toLowerCase().startsWith('windows') ? 'windows' : 'linux';
  const known = baseVariables(expandGlobal(stage.from.image?.text ?? ''));
  const values = new Map(known ?? []);
  if (os !== 'windows' && !values.has('PATH'))
    values.set('PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin');
  return { values, declared: new Set(), globals, os, hasShell: false, hasWorkdir: false };
}

function onTop(below: StageVariables): StageVariables {
  return { ...below, values: new Map(below.values), declared: new Set(below.declared) };
}

function step(
  dockerfile: Dockerfile,
  state: StageVariables,
  stage: Stage,
  instruction: Instruction,
  at: Instruction,
): EvaluatedInstruction {
  const { hasShell, hasWorkdir, os } = state;
  const words = expandedWords(dockerfile, state, instruction);
  const undefinedVariables =
    instruction.name === 'ARG'
      ? declare(dockerfile, state, instruction)
      : undefinedBefore(dockerfile, state, instruction);
  if (instruction.name === 'ENV') setPairs(dockerfile, state, instruction);
  if (instruction.name === 'SHELL') state.hasShell = true;
  if (instruction.name === 'WORKDIR') state.hasWorkdir = true;
  return { instruction, stage, at, hasShell, hasWorkdir, os, words, undefinedVariables };
}

function undefinedBefore(
  dockerfile: Dockerfile,
  state: StageVariables,
  instruction: Instruction,
): readonly UndefinedVariable[] {
  if (!mayMention(instruction)) return NOTHING;
  return expandableTexts(instruction).flatMap((text) => undefinedIn(text, dockerfile, state));
}

/** No value sees the others of its instruction. */
function setPairs(dockerfile: Dockerfile, state: StageVariables, { pairs }: EnvInstruction): void {
  const expanded = pairs.map(({ key, value }) => ({
    name: expandText(dockerfile, state, key.text),
    value: expandText(dockerfile, state, value.text),
  }));
  for (const { name, value } of expanded) setVariable(state, name, value);
}

/** False where no text that is looked at can have a `$`, told without reading words. BuildKit does not look at EXPOSE. */
function mayMention({ flags, heredocs, name, rest }: Instruction): boolean {
  if (name === 'EXPOSE') return false;
  // JSON can write any character behind a backslash.
  return heredocs.length > 0 || /[$\\]/.test(rest.text) || flags.some(({ value }) => value?.includes('$'));
}

/** Each default sees the variables before it. */
function declare(
  dockerfile: Dockerfile,
  state: StageVariables,
  { variables }: ArgInstruction,
): readonly UndefinedVariable[] {
  return variables.flatMap(({ key, value }) => {
    const found =
      value === undefined ? NOTHING : undefinedIn({ ...value, isHeredoc: false }, dockerfile, state);
    const given =
      value === undefined ? state.globals.get(key.text) : expandText(dockerfile, state, value.text);
    state.declared.add(key.text);
    if (given !== undefined && !SBOM_ARGUMENTS.has(key.text)) setVariable(state, key.text, given);
    return found;
  });
}

/** They speak to the builder and are not part of the environment. */
const SBOM_ARGUMENTS: ReadonlySet<string> = new Set([
  'BUILDKIT_SBOM_SCAN_CONTEXT',
  'BUILDKIT_SBOM_SCAN_STAGE',
]);

/** Beyond it the search would cost more than a misspelt name in such a file is worth. */
const MAX_SUGGESTED_FROM = 300;

function undefinedIn(
  text: ExpandableText,
  dockerfile: Dockerfile,
  state: StageVariables,
): readonly UndefinedVariable[] {
  if (!text.text.includes('$')) return NOTHING;
  const { isHeredoc } = text;
  const escape = isHeredoc ? '\\' : dockerfile.escape;
  const lookup = (name: string): string | undefined => state.values.get(name);
  const seen = new Set<string>();
  return expand(text.text, { escape, lookup, ignoresQuotes: isHeredoc }).uses.flatMap((use) => {
    const { name, isSet } = use;
    if (isSet || seen.has(name) || state.declared.has(name) || SBOM_ARGUMENTS.has(name)) return [];
    seen.add(name);
    const names = state.values.size > MAX_SUGGESTED_FROM ? [] : [...state.values.keys()];
    const nearest = suggestion(name, names, 'case-sensitive');
    const hasAlternative = /[-+]$/.test(use.operator ?? '');
    const spans = { span: sourceSpan(text, use.span), nameSpan: sourceSpan(text, use.nameSpan) };
    const found = { name, hasAlternative, ...spans };
    return [nearest === undefined ? found : { ...found, suggestion: nearest }];
  });
}

function expandedWords(
  dockerfile: Dockerfile,
  state: StageVariables,
  instruction: Instruction,
): readonly Word[] {
  if (instruction.name === 'COPY' || instruction.name === 'ADD') {
    const { heredocs, sources } = instruction;
    if (heredocs.length === 0 && sources.every(({ text }) => isPlain(text))) return sources;
    const files = sources.filter(
      ({ span }) => !heredocs.some((heredoc) => heredoc.span.start === span.start),
    );
    return files.map((word) => expandWord(dockerfile, state, word));
  }
  if (instruction.name === 'WORKDIR' && instruction.value !== undefined)
    return [expandWord(dockerfile, state, instruction.value)];
  if (instruction.name !== 'EXPOSE') return NOTHING;
  const lookup = (name: string): string | undefined => state.values.get(name);
  if (instruction.values.every(({ text }) => isPlain(text))) return instruction.values;
  return instruction.values.flatMap((word) => {
    const { words } = expand(word.text, { escape: dockerfile.escape, lookup });
    return words.map(({ text }) => ({ text, span: word.span }));
  });
}

const NOTHING: readonly never[] = [];

function expandWord(dockerfile: Dockerfile, state: StageVariables, word: Word): Word {
  return isPlain(word.text) ? word : { text: expandText(dockerfile, state, word.text), span: word.span };
}

function expandText(dockerfile: Dockerfile, state: StageVariables, text: string): string {
  if (isPlain(text)) return text;
  return expand(text, { escape: dockerfile.escape, lookup: (name) => state.values.get(name) }).text;
}

/** True for one word with nothing in it to expand, as most are. */
function isPlain(text: string): boolean {
  return /^[\w./:@=-]+$/.test(text);
}

function setVariable(state: StageVariables, name: string, value: string): void {
  state.values.delete(name);
  state.values.set(name, value);
}
