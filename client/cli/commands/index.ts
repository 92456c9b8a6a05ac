/** Every verb of `naru`, in the order of `naru --help`. */

import type { Command } from 'commander';

import type { CliIo } from '../io.ts';
import { addAttachCommand } from './attach.ts';
import { addBuildCommand } from './build.ts';
import { addContainerVerbs } from './container-verbs.ts';
import { addEngineCommand } from './engine.ts';
import { addExecCommand } from './exec.ts';
import { addForwardCommand } from './forward.ts';
import { addImageVerbs } from './image-verbs.ts';
import { addImagesCommand } from './images.ts';
import { addInspectCommands } from './inspect.ts';
import { addLintCommand } from './lint.ts';
import { addLogsCommand } from './logs.ts';
import { addNetworkCommands } from './network.ts';
import { addPreviewCommand } from './preview.ts';
import { addPsCommand } from './ps.ts';
import { addRmCommand } from './rm.ts';
import { addRunCommands } from './run.ts';
import { addSystemCommands } from './system.ts';
import { addTransferCommands } from './transfer.ts';
import { addVolumeCommands } from './volume.ts';

/** Adds one verb, or a few that belong together, to the program; what it throws, `run.ts` turns into an exit code. */
export type AddCommand = (program: Command, io: CliIo) => void;

export const COMMANDS: readonly AddCommand[] = [
  addLintCommand,
  addPreviewCommand,
  addBuildCommand,
  addRunCommands,
  addPsCommand,
  addLogsCommand,
  addExecCommand,
  addAttachCommand,
  addForwardCommand,
  addContainerVerbs,
  addRmCommand,
  addImagesCommand,
  addImageVerbs,
  addTransferCommands,
  addVolumeCommands,
  addNetworkCommands,
  addInspectCommands,
  addSystemCommands,
  addEngineCommand,
];
