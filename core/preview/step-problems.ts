/** Steps that a build would stop at, as far as that is known before it: sources that are not there, secrets that were not given. */

import { missingSecrets } from '../build/missing-secrets.ts';
import { missingSourceSpan } from '../build/missing-source.ts';
import type { Vertex } from '../build/types.ts';
import type { SelectionFault } from '../context/selection.ts';
import type { Dockerfile } from '../dockerfile/types.ts';
import type { Problem } from '../source.ts';

import { assumptionsBelow, type StepInputs } from './verdict.ts';

/** In the order of the plan. */
export function stepProblems(dockerfile: Dockerfile, inputs: StepInputs): readonly Problem[] {
  const { plan, prepared } = inputs;
  return plan.vertices.flatMap((vertex) => {
    const faults = [...(prepared.get(vertex.id)?.faults ?? []), ...resultFaults(vertex, inputs)];
    const sources = faults.map((fault): Problem => {
      const code = fault.kind === 'missing' ? 'E_COPY_SOURCE_MISSING' : 'E_COPY';
      const span = missingSourceSpan(dockerfile, vertex.span, fault.message);
      const hint = fault.hint === undefined ? {} : { hint: fault.hint };
      return { code, severity: 'error', message: fault.message, span, ...hint };
    });
    return [...sources, ...secretProblems(vertex, inputs)];
  });
}

/** What the engine says is not in a stage, an image or a fetched context; not of an address that only the build asks what it is now. */
function resultFaults(vertex: Vertex, inputs: StepInputs): readonly SelectionFault[] {
  const lookup = inputs.lookups.get(vertex.id);
  const { faults = [] } = lookup?.outcome === 'miss' || lookup?.outcome === 'depends' ? lookup : {};
  return faults.length > 0 && assumptionsBelow(vertex, inputs).length > 0 ? [] : faults;
}

/** A step that is cached needs none. */
function secretProblems({ id, op, span }: Vertex, { lookups, options }: StepInputs): readonly Problem[] {
  if (op.kind !== 'run' || lookups.get(id)?.outcome !== 'miss') return [];
  const [error] = missingSecrets(op.mounts, new Set(options.secretIds));
  return error === undefined ? [] : [{ code: error.code, severity: 'error', message: error.message, span }];
}
