/** Every command, in the order of package.json. */

import type { Command } from './command.ts';
import { containerLogs } from './container-logs.ts';
import { containerOpen } from './container-open.ts';
import { containerRemove } from './container-remove.ts';
import { containerShell } from './container-shell.ts';
import { containerStart } from './container-start.ts';
import { containerStop } from './container-stop.ts';
import { contextChoose } from './context-choose.ts';
import { engineLog } from './engine-log.ts';
import { enginePrune } from './engine-prune.ts';
import { imageBuild } from './image-build.ts';
import { imageRemove } from './image-remove.ts';
import { imageRun } from './image-run.ts';
import { previewRefresh } from './preview-refresh.ts';
import { previewToggle } from './preview-toggle.ts';
import { targetSelect } from './target-select.ts';
import { viewRefresh } from './view-refresh.ts';

export const COMMANDS: readonly Command[] = [
  imageBuild,
  contextChoose,
  imageRun,
  imageRemove,
  containerStart,
  containerStop,
  containerRemove,
  containerLogs,
  containerShell,
  containerOpen,
  previewRefresh,
  previewToggle,
  targetSelect,
  engineLog,
  enginePrune,
  viewRefresh,
];
