/** What a command is, and what it may use. One file per command, named `<noun>-<verb>.ts`, one line in index.ts. */

import type * as vscode from 'vscode';

import type { EngineSession } from '../engine/session.ts';
import type { PreviewClient } from '../preview/preview-client.ts';
import type { BuildProblems } from '../ui/build-problems.ts';
import type { EngineTree } from '../views/engine-tree.ts';

export interface CommandParts {
  readonly session: EngineSession;
  readonly tree: EngineTree;
  readonly preview: PreviewClient;
  readonly problems: BuildProblems;
  readonly log: vscode.LogOutputChannel;
}

export interface Command {
  /** As in package.json. */
  readonly id: string;
  /** `argument` is what a menu, a lens or another extension passes: not to be trusted. Errors reach the user as one sentence. */
  run(parts: CommandParts, argument: unknown): Promise<void>;
}
