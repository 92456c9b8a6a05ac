/** Every verb of `naru`, in the order and under the headings of `naru --help`. Files are loaded when one of their verbs is asked for: reading all of them takes longer than most verbs. */

import type { Command } from 'commander';

import type { CliIo } from '../io.ts';

/** Adds one verb, or a group of them, to the program or to a group; what it throws, `run.ts` turns into an exit code. */
export type AddCommand = (program: Command, io: CliIo) => void;

export interface Verb {
  readonly name: string;
  /** Not one of docker's: its exit codes are ours (exit-codes.ts). */
  readonly isOwn?: true;
  load(): Promise<AddCommand>;
}

export interface VerbSection {
  readonly heading: string;
  readonly verbs: readonly Verb[];
}

export const SECTIONS: readonly VerbSection[] = [
  {
    heading: 'Dockerfiles:',
    verbs: [
      { name: 'lint', isOwn: true, load: async () => (await import('./lint.ts')).addLintCommand },
      { name: 'preview', isOwn: true, load: async () => (await import('./preview.ts')).addPreviewCommand },
      { name: 'build', load: async () => (await import('./build.ts')).addBuildCommand },
    ],
  },
  {
    heading: 'Containers:',
    verbs: [
      { name: 'run', load: async () => (await import('./run.ts')).addRunCommand },
      { name: 'create', load: async () => (await import('./run.ts')).addCreateCommand },
      { name: 'start', load: async () => (await import('./start.ts')).addStartCommand },
      { name: 'stop', load: async () => (await import('./container-verbs.ts')).addStopCommand },
      { name: 'restart', load: async () => (await import('./container-verbs.ts')).addRestartCommand },
      { name: 'kill', load: async () => (await import('./container-verbs.ts')).addKillCommand },
      { name: 'pause', load: async () => (await import('./container-verbs.ts')).addPauseCommand },
      { name: 'unpause', load: async () => (await import('./container-verbs.ts')).addUnpauseCommand },
      { name: 'wait', load: async () => (await import('./container-verbs.ts')).addWaitCommand },
      { name: 'rm', load: async () => (await import('./rm.ts')).addRmCommand },
      { name: 'ps', load: async () => (await import('./ps.ts')).addPsCommand },
      { name: 'logs', load: async () => (await import('./logs.ts')).addLogsCommand },
      { name: 'exec', load: async () => (await import('./exec.ts')).addExecCommand },
      { name: 'attach', load: async () => (await import('./attach.ts')).addAttachCommand },
      { name: 'top', load: async () => (await import('./top.ts')).addTopCommand },
      { name: 'stats', load: async () => (await import('./stats.ts')).addStatsCommand },
      { name: 'port', load: async () => (await import('./port.ts')).addPortCommand },
      { name: 'cp', load: async () => (await import('./cp.ts')).addCpCommand },
      { name: 'diff', load: async () => (await import('./diff.ts')).addDiffCommand },
      { name: 'commit', load: async () => (await import('./commit.ts')).addCommitCommand },
      { name: 'export', load: async () => (await import('./export.ts')).addExportCommand },
      { name: 'rename', load: async () => (await import('./container-verbs.ts')).addRenameCommand },
      { name: 'update', load: async () => (await import('./update.ts')).addUpdateCommand },
    ],
  },
  {
    heading: 'Images:',
    verbs: [
      { name: 'images', load: async () => (await import('./images.ts')).addImagesCommand },
      { name: 'history', load: async () => (await import('./history.ts')).addHistoryCommand },
      { name: 'tag', load: async () => (await import('./image-verbs.ts')).addTagCommand },
      { name: 'rmi', load: async () => (await import('./image-verbs.ts')).addRmiCommand },
      { name: 'load', load: async () => (await import('./load.ts')).addLoadCommand },
      { name: 'save', load: async () => (await import('./save.ts')).addSaveCommand },
      { name: 'import', load: async () => (await import('./import.ts')).addImportCommand },
      { name: 'pull', load: async () => (await import('./pull.ts')).addPullCommand },
      { name: 'push', load: async () => (await import('./pull.ts')).addPushCommand },
    ],
  },
  {
    heading: 'Engine:',
    verbs: [
      { name: 'inspect', load: async () => (await import('./inspect.ts')).addInspectCommand },
      { name: 'events', load: async () => (await import('./events.ts')).addEventsCommand },
      { name: 'info', load: async () => (await import('./info.ts')).addInfoCommand },
      { name: 'version', load: async () => (await import('./info.ts')).addVersionCommand },
      { name: 'df', load: async () => (await import('./df.ts')).addDfCommand },
      { name: 'prune', load: async () => (await import('./prune.ts')).addPruneCommand },
      { name: 'forward', isOwn: true, load: async () => (await import('./forward.ts')).addForwardCommand },
      { name: 'engine', isOwn: true, load: async () => (await import('./engine.ts')).addEngineCommand },
    ],
  },
  {
    heading: 'Groups:',
    verbs: [
      { name: 'volume', load: async () => (await import('./volume.ts')).addVolumeCommands },
      { name: 'network', load: async () => (await import('./network.ts')).addNetworkCommands },
      { name: 'container', load: async () => (await import('./groups.ts')).addContainerGroup },
      { name: 'image', load: async () => (await import('./groups.ts')).addImageGroup },
      { name: 'system', load: async () => (await import('./groups.ts')).addSystemGroup },
      { name: 'builder', load: async () => (await import('./groups.ts')).addBuilderGroup },
    ],
  },
];
