/** What clients that were killed left: no build outlives its engine, so at the start nobody uses an image by such a name. */

import { isErrorKind } from '../../../core/errors.ts';
import { isLayoutName } from '../../../core/protocol/layout-name.ts';
import type { Containers } from '../containers/containers.ts';
import type { ImageStore } from './image-store.ts';
import { removeImage } from './removal.ts';

/** An image that has another name, or that a container uses, stays; so does one that a full disk keeps: an engine starts, so that space can be made. */
export async function removeLayoutNames(
  images: ImageStore,
  containers: Containers,
  onProblem: (message: string, cause: unknown) => void,
): Promise<void> {
  const names = (await images.list()).flatMap(({ tags }) => tags.filter(isLayoutName));
  for (const name of names) {
    await removeImage(images, containers, name, { force: false, prune: true }).catch((error: unknown) => {
      if (!isErrorKind(error, 'conflict')) onProblem(`${name} cannot be removed`, error);
    });
  }
}
