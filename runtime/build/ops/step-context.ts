/** What an op's executor is given. */

import type { FileTree } from '../../../core/context/file-tree.ts';
import type { VertexId } from '../../../core/build/ops.ts';
import type { MigrationLock } from '../../oci-runtime/migration-lock.ts';
import type { BuildParts } from '../build-parts.ts';
import type { OpenAgent } from '../ssh/agent-streams.ts';
import type { ActiveRoot, Workspace } from '../workspace.ts';

export interface StepContext {
  readonly parts: BuildParts;
  readonly workspace: Workspace;
  /** The writable root over the step's filesystem. */
  readonly active: ActiveRoot;
  /** Results of other vertices: a snapshot's name, undefined for the empty filesystem. */
  readonly resultOf: (vertex: VertexId) => string | undefined;
  readonly contexts: (name: string) => FileTree | undefined;
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  /** SSH agents of the client by the id of `--ssh`. */
  readonly agents: ReadonlyMap<string, OpenAgent>;
  readonly migrationLock: MigrationLock;
  readonly onOutput: (stream: 'stdout' | 'stderr', text: string) => void;
  readonly signal: AbortSignal;
}
