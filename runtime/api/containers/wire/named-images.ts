/** Whether the name a container was made with still means its image: another build may have taken it. */

import type { ContainerDetail } from '../../../engine/containers/requests.ts';
import type { ImageStore } from '../../../engine/images/image-store.ts';

/** Asks once for each name; IDs mean what they say. */
export async function namedImages(
  images: Pick<ImageStore, 'find'>,
  details: readonly ContainerDetail[],
): Promise<(detail: ContainerDetail) => boolean> {
  const names = [...new Set(details.map(({ config }) => config.image))];
  const found = await Promise.all(names.map(async (name) => [name, (await images.find(name))?.id] as const));
  const idOf = new Map(found);
  return ({ config, imageId }) => idOf.get(config.image) === imageId;
}
