/** Every verb of `naru`, in the order and under the headings of `naru --help`. */

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
import { addEngineCommand } from './engine.ts';
import { addEventsCommand } from './events.ts';
import { addExecCommand } from './exec.ts';
import { addExportCommand } from './export.ts';
import { addForwardCommand } from './forward.ts';
import { addBuilderGroup, addContainerGroup, addImageGroup, addSystemGroup } from './groups.ts';
import { addHistoryCommand } from './history.ts';
import { addRmiCommand, addTagCommand } from './image-verbs.ts';
import { addImagesCommand } from './images.ts';
import { addImportCommand } from './import.ts';
import { addInfoCommand, addVersionCommand } from './info.ts';
import { addInspectCommand } from './inspect.ts';
import { addLintCommand } from './lint.ts';
import { addLoadCommand } from './load.ts';
import { addLogsCommand } from './logs.ts';
import { addNetworkCommands } from './network.ts';
import { addPortCommand } from './port.ts';
import { addPreviewCommand } from './preview.ts';
import { addPruneCommand } from './prune.ts';
import { addPsCommand } from './ps.ts';
import { addPullCommand, addPushCommand } from './pull.ts';
import { addRmCommand } from './rm.ts';
import { addCreateCommand, addRunCommand } from './run.ts';
import { addSaveCommand } from './save.ts';
import { addStartCommand } from './start.ts';
import { addStatsCommand } from './stats.ts';
import { addTopCommand } from './top.ts';
import { addUpdateCommand } from './update.ts';
import { addVolumeCommands } from './volume.ts';

/** Adds one verb, or a group of them, to the program or to a group; what it throws, `run.ts` turns into an exit code. */
export type AddCommand = (program: Command, io: CliIo) => void;

export interface CommandSection {
  readonly heading: string;
  readonly add: readonly AddCommand[];
}

export const SECTIONS: readonly CommandSection[] = [
  { heading: 'Dockerfiles:', add: [addLintCommand, addPreviewCommand, addBuildCommand] },
  {
    heading: 'Containers:',
    add: [
      addRunCommand,
      addCreateCommand,
      addStartCommand,
      addStopCommand,
      addRestartCommand,
      addKillCommand,
      addPauseCommand,
      addUnpauseCommand,
      addWaitCommand,
      addRmCommand,
      addPsCommand,
      addLogsCommand,
      addExecCommand,
      addAttachCommand,
      addTopCommand,
      addStatsCommand,
      addPortCommand,
      addCpCommand,
      addDiffCommand,
      addCommitCommand,
      addExportCommand,
      addRenameCommand,
      addUpdateCommand,
    ],
  },
  {
    heading: 'Images:',
    add: [
      addImagesCommand,
      addHistoryCommand,
      addTagCommand,
      addRmiCommand,
      addLoadCommand,
      addSaveCommand,
      addImportCommand,
      addPullCommand,
      addPushCommand,
    ],
  },
  {
    heading: 'Engine:',
    add: [
      addInspectCommand,
      addEventsCommand,
      addInfoCommand,
      addVersionCommand,
      addDfCommand,
      addPruneCommand,
      addForwardCommand,
      addEngineCommand,
    ],
  },
  {
    heading: 'Groups:',
    add: [
      addVolumeCommands,
      addNetworkCommands,
      addContainerGroup,
      addImageGroup,
      addSystemGroup,
      addBuilderGroup,
    ],
  },
];
