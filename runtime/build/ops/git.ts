/** ADD of a git repository: its files at one commit, without history unless `--keep-git-dir` asks for it. */

import * as fs from 'node:fs/promises';
import { join } from 'node:path';

import type { GitOp } from '../../../core/build/ops.ts';
import { NaruError } from '../../../core/errors.ts';
import { checkOutGit } from '../git/checkout.ts';
import { withAgentSocket } from '../ssh/agent-socket.ts';
import type { StepContext } from './step-context.ts';

/** Docker: repositories are read with the agent of this id, whatever else is given. */
export const GIT_AGENT = 'default';

/** Its commit must be known (`pinGit`). @throws NaruError "unavailable" when the repository cannot be read, "not-found" for an unknown directory */
export async function executeGit(
  op: GitOp,
  { active, agents, parts, workspace, signal }: StepContext,
): Promise<void> {
  const { commit } = op;
  if (commit === undefined) throw new NaruError('internal', 'E_GIT', `no commit of ${op.remote}`);
  const folder = await fs.mkdtemp(join(parts.dataDir, 'git-'));
  try {
    const files = await withAgentSocket(agents.get(GIT_AGENT), parts.runDir, (agentSocket) =>
      checkOutGit({ ...op, commit }, folder, { agentSocket, signal }),
    );
    const root = await workspace.mount(active);
    for (const name of await fs.readdir(files)) {
      const options = { recursive: true, verbatimSymlinks: true, preserveTimestamps: true } as const;
      await fs.cp(join(files, name), join(root, name), options);
    }
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}
