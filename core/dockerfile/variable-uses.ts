/**
 * Where the instructions of a Dockerfile declare and use variables, and who looks each of them up: the build, a build on the image (ONBUILD), a container.
 * Which declaration counts for a use is told in variable-scopes.ts.
 */

import type { Span } from '../source.ts';
import type { Dockerfile, Instruction } from './types.ts';
import { type VariableReference, variableReferences } from './variable-references.ts';

/** Of the preamble and of FROMs, in `VariablePlace.stage`. */
export const GLOBAL = -1;

/** From where a variable is looked up. */
export interface VariablePlace {
  /** Index of the stage it stands in; -1 before the first FROM, and for variables in a FROM. */
  readonly stage: number;
  /** In an ONBUILD trigger: a build on the image of this stage looks it up, which has the ENVs of the stage and not its ARGs. */
  readonly isTriggered?: true;
  /** In CMD, ENTRYPOINT or HEALTHCHECK: a container looks it up, which has the ENVs of the whole stage and no ARG. */
  readonly isInContainer?: true;
}

export interface VariableUse extends VariablePlace {
  readonly name: string;
  readonly span: Span;
  /** What declares the variable here; absent where it is used. */
  readonly setBy?: 'ARG' | 'ENV';
  /** The shell of a RUN may have set a variable of this name by then. Where it surely has, there is no use. */
  readonly isUnsure?: true;
  /** In an ENV where that starts, in an ARG where the variable starts that it is the default of: it does not see what is set there. */
  readonly seesUntil?: number;
}

/** The variables that a command in shell form uses, without those that its shell has set itself; undefined where that is not known. */
export type ShellReferences = (
  instruction: Instruction,
) => readonly (VariableReference & Pick<VariableUse, 'isUnsure'>)[] | undefined;

/** In file order. */
export function variableUses(
  dockerfile: Dockerfile,
  shellReferences: ShellReferences,
): readonly VariableUse[] {
  const uses: VariableUse[] = [];
  function add(instruction: Instruction, place: VariablePlace): void {
    for (const { setBy, span } of declarations(instruction)) {
      uses.push({ ...place, name: dockerfile.text.slice(span.start, span.end), span, setBy });
    }
    const written = variableReferences(dockerfile, instruction);
    const inShell = shellReferences(instruction);
    const outside = written.filter(({ span }) => span.end <= instruction.rest.span.start);
    for (const reference of inShell === undefined ? written : [...outside, ...inShell]) {
      const seesUntil = settingStart(instruction, reference.span);
      uses.push({ ...place, ...reference, ...(seesUntil === undefined ? {} : { seesUntil }) });
    }
  }
  for (const instruction of dockerfile.preamble) add(instruction, { stage: GLOBAL });
  for (const { from, index, instructions } of dockerfile.stages) {
    add(from, { stage: GLOBAL });
    for (const instruction of instructions) {
      const { counts, place } = placed(instruction);
      if (counts !== undefined) add(counts, { stage: index, ...place });
    }
  }
  return uses.toSorted((a, b) => a.span.start - b.span.start);
}

/** What an instruction of a stage does, itself or as a trigger, and from where its variables are looked up. */
export function placed(instruction: Instruction): {
  readonly counts: Instruction | undefined;
  readonly place: Omit<VariablePlace, 'stage'>;
} {
  const isTrigger = instruction.name === 'ONBUILD';
  const counts = isTrigger ? instruction.trigger : instruction;
  const isInContainer =
    counts?.name === 'CMD' || counts?.name === 'ENTRYPOINT' || counts?.name === 'HEALTHCHECK';
  const place = {
    ...(isTrigger ? { isTriggered: true as const } : {}),
    ...(isInContainer ? { isInContainer: true as const } : {}),
  };
  return { counts, place };
}

/** Docker: the values of an ENV see nothing of it, the default of an ARG sees the ones before it (28.5.2, test/conformance/goldens/arguments.json). */
function settingStart(instruction: Instruction, use: Span): number | undefined {
  if (instruction.name === 'ENV') return instruction.span.start;
  if (instruction.name !== 'ARG') return undefined;
  return instruction.variables.findLast(({ key }) => key.span.start <= use.start)?.key.span.start;
}

function declarations(
  instruction: Instruction,
): readonly { readonly span: Span; readonly setBy: 'ARG' | 'ENV' }[] {
  if (instruction.name === 'ARG')
    return instruction.variables.map(({ key }) => ({ span: key.span, setBy: 'ARG' }));
  if (instruction.name === 'ENV')
    return instruction.pairs.map(({ key }) => ({ span: key.span, setBy: 'ENV' }));
  return [];
}
