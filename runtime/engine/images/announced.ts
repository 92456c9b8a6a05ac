/** An image store that announces what it did as Docker's image events; the store itself knows no events. */

import type { Events } from '../events/events.ts';
import type { Image, ImageStore } from './image-store.ts';

/** Attribute `name` is the reference where there is one, else the id, as dockerd 28 sends it. */
export function announced(store: ImageStore, events: Events): ImageStore {
  function publish(action: string, id: string, name: string, image?: Image): void {
    events.publish('image', action, id, { ...image?.config.config?.Labels, name });
  }
  return {
    get: (nameOrId) => store.get(nameOrId),
    find: (nameOrId) => store.find(nameOrId),
    list: () => store.list(),
    ids: () => store.ids(),
    save: (names, out, signal) => store.save(names, out, signal),
    create: (config, snapshots) => store.create(config, snapshots),
    tag: async (id, reference) => {
      await store.tag(id, reference);
      publish('tag', id, reference, await store.find(id));
    },
    remove: async (nameOrId, options) => {
      const image = await store.get(nameOrId);
      const removed = await store.remove(nameOrId, options);
      for (const row of removed) {
        if ('untagged' in row) publish('untag', image.id, image.id, image);
        else if (row.deleted === image.id) publish('delete', image.id, image.id, image);
      }
      return removed;
    },
    load: async (archive, onMessage, signal) => {
      const loaded = await store.load(archive, onMessage, signal);
      for (const image of loaded) publish('load', image.id, image.tags[0] ?? image.id, image);
      return loaded;
    },
    import: async (tar, config, signal) => {
      const image = await store.import(tar, config, signal);
      publish('import', image.id, image.id, image);
      return image;
    },
  };
}
