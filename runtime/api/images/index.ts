/** Endpoints of images. */

import type { Endpoint } from '../endpoint.ts';
import { imageCommit } from './commit.ts';
import { imageCreate } from './create.ts';
import { imageDelete } from './delete.ts';
import { imageHistory } from './history.ts';
import { imageInspect } from './inspect.ts';
import { imageList } from './list.ts';
import { imageLoad } from './load.ts';
import { imagePrune } from './prune.ts';
import { imageSave, imageSaveMany } from './save.ts';
import { imageTag } from './tag.ts';

export const IMAGE_ENDPOINTS: readonly Endpoint[] = [
  imageList,
  imageCreate,
  imageLoad,
  imagePrune,
  imageSaveMany,
  imageSave,
  imageInspect,
  imageHistory,
  imageTag,
  imageDelete,
  imageCommit,
];
