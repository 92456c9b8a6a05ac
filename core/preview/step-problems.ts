/** Steps that a build would stop at, as far as that is known before it: sources that are not there, secrets and SSH agents that were not given. */

import { missingAgents } from '../build/missing-agents.ts';
import { missingMountSource } from '../build/missing-mount-source.ts';
import { missingSecrets } from '../build/missing-secrets.ts';
import { missingSourcePlace, missingSourceSpan } from '../build/missing-source.ts';
import type { Vertex } from '../build/types.ts';
import type { SelectionFault } from '../context/selected.ts';
import type { Dockerfile } from '../dockerfile/types.ts';
import type { NaruError } from '../errors.ts';
import type { Problem, Span } from '../source.ts';

import { assumptionsBelow, type StepInputs } from './verdict.ts';

/** In the order of the plan. */
export function stepProblems(dockerfile: Dockerfile, inputs: StepInputs): readonly Problem[] {
  const { plan, prepared } = inputs;
  return plan.vertices.flatMap((vertex) => {
    const found = resultFaults(vertex, inputs);
    const faults = [...(prepared.get(vertex.id)?.faults ?? []), ...(vertex.op.kind === 'run' ? [] : found)];
    const sources = faults.map((fault): Problem => {
      const code = fault.kind === 'missing' ? 'E_COPY_SOURCE_MISSING' : 'E_COPY';
      const span = missingSourceSpan(dockerfile, vertex.span, fault.message);
      const hint = fault.hint ?? missingSourcePlace(dockerfile, vertex.span, fault.message);
      const hinted = hint === undefined ? {} : { hint };
      return { code, severity: 'error', message: fault.message, span, ...hinted };
    });
    return [...sources, ...mountProblems(vertex, found), ...requirementProblems(vertex, inputs)];
  });
}

/** What the engine says is not in a stage, an image or a fetched context; not of an address that only the build asks what it is now. */
function resultFaults(vertex: Vertex, inputs: StepInputs): readonly SelectionFault[] {
  const lookup = inputs.lookups.get(vertex.id);
  const { faults = [] } = lookup?.outcome === 'miss' || lookup?.outcome === 'depends' ? lookup : {};
  return faults.length > 0 && assumptionsBelow(vertex, inputs).length > 0 ? [] : faults;
}

/** Only what is bound: a cache is filled from its source once, and who has filled it is not known here. */
function mountProblems({ op, span }: Vertex, faults: readonly SelectionFault[]): readonly Problem[] {
  if (op.kind !== 'run') return [];
  const missing = new Set(faults.map(({ source }) => source));
  const mount = op.mounts.find(
    ({ kind, ...bound }) => kind === 'bind' && 'path' in bound && missing.has(bound.path),
  );
  if (mount?.kind !== 'bind') return [];
  return [problemOf(missingMountSource(op, mount.path), span)];
}

/** Of a step that runs for certain: one that is cached needs none. */
function requirementProblems({ id, op, span }: Vertex, { lookups, options }: StepInputs): readonly Problem[] {
  if (op.kind !== 'run' || lookups.get(id)?.outcome !== 'miss') return [];
  const [error] = [
    ...missingSecrets(op.mounts, new Set(options.secretIds)),
    ...missingAgents(op.mounts, new Set(options.sshIds)),
  ];
  return error === undefined ? [] : [problemOf(error, span)];
}

function problemOf({ code, message, hint }: NaruError, span: Span): Problem {
  return { code, severity: 'error', message, span, ...(hint === undefined ? {} : { hint }) };
}
