/** `naru container ls`, `naru image rm` and the like: the same verbs under the names that docker's CLI groups them by. */

import type { Command } from 'commander';

import type { CliIo } from '../io.ts';
import { addAttachCommand } from './attach.ts';
import { addBuildCommand } from './build.ts';
import { addCommitCommand } from './commit.ts';
import {
  addKillCommand,
  addPauseCommand,
  addRenameCommand,
  addRestartCommand,
  addStopCommand,
  addUnpauseCommand,
  addWaitCommand,
} from './container-verbs.ts';
import { addCpCommand } from './cp.ts';
import { addDfCommand } from './df.ts';
import { addDiffCommand } from './diff.ts';
import { addEventsCommand } from './events.ts';
import { addExecCommand } from './exec.ts';
import { addExportCommand } from './export.ts';
import { addHistoryCommand } from './history.ts';
import { addRmiCommand, addTagCommand } from './image-verbs.ts';
import { addImagesCommand } from './images.ts';
import { addImportCommand } from './import.ts';
import { addInfoCommand } from './info.ts';
import { addInspectOf } from './inspect.ts';
import { addLoadCommand } from './load.ts';
import { addLogsCommand } from './logs.ts';
import { addPortCommand } from './port.ts';
import { addBuilderPrune, addContainerPrune, addImagePrune, addSystemPrune } from './prune.ts';
import { addPsCommand } from './ps.ts';
import { addPullCommand, addPushCommand } from './pull.ts';
import { addRmCommand } from './rm.ts';
import { addCreateCommand, addRunCommand } from './run.ts';
import { addSaveCommand } from './save.ts';
import { addStartCommand } from './start.ts';
import { addStatsCommand } from './stats.ts';
import { addTopCommand } from './top.ts';
import { addUpdateCommand } from './update.ts';

export function addContainerGroup(program: Command, io: CliIo): void {
  const group = program.command('container').description('all verbs over containers');
  for (const add of [
    addAttachCommand,
    addCommitCommand,
    addCpCommand,
    addCreateCommand,
    addDiffCommand,
    addExecCommand,
    addExportCommand,
    addKillCommand,
    addLogsCommand,
    addPauseCommand,
    addPortCommand,
    addPsCommand,
    addRenameCommand,
    addRestartCommand,
    addRmCommand,
    addRunCommand,
    addStartCommand,
    addStatsCommand,
    addStopCommand,
    addTopCommand,
    addUnpauseCommand,
    addUpdateCommand,
    addWaitCommand,
    addContainerPrune,
  ])
    add(group, io);
  addInspectOf(group, io, 'container');
  rename(group, 'ps', ['ls', 'list', 'ps']);
  rename(group, 'rm', ['rm', 'remove']);
}

export function addImageGroup(program: Command, io: CliIo): void {
  const group = program.command('image').description('all verbs over images');
  for (const add of [
    addBuildCommand,
    addHistoryCommand,
    addImagesCommand,
    addImportCommand,
    addLoadCommand,
    addPullCommand,
    addPushCommand,
    addRmiCommand,
    addSaveCommand,
    addTagCommand,
    addImagePrune,
  ])
    add(group, io);
  addInspectOf(group, io, 'image');
  rename(group, 'images', ['ls', 'list']);
  rename(group, 'rmi', ['rm', 'remove']);
}

export function addSystemGroup(program: Command, io: CliIo): void {
  const group = program.command('system').description('verbs over the engine');
  for (const add of [addDfCommand, addEventsCommand, addInfoCommand, addSystemPrune]) add(group, io);
}

export function addBuilderGroup(program: Command, io: CliIo): void {
  const group = program.command('builder').description('verbs over the build cache');
  for (const add of [addBuildCommand, addBuilderPrune]) add(group, io);
}

function rename(group: Command, verb: string, [name = verb, ...aliases]: readonly string[]): void {
  group.commands
    .find((command) => command.name() === verb)
    ?.name(name)
    .aliases(aliases);
}
