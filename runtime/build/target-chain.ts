/** Which of a plan's vertices the image is made of; the others are only copied from. */

import type { VertexId } from '../../core/build/ops.ts';
import type { Plan } from '../../core/build/types.ts';

/** The vertices whose results are the image's layers. */
export function targetChain(plan: Plan): ReadonlySet<VertexId> {
  const chain = new Set<VertexId>();
  for (let at = plan.vertices[plan.target.last]; at !== undefined; ) {
    chain.add(at.id);
    at = at.root === undefined ? undefined : plan.vertices[at.root];
  }
  return chain;
}
