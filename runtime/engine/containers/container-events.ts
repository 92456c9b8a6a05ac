/** Events about containers, with the attributes dockerd gives them: labels, image and name. */

import type { Events } from '../events/events.ts';
import type { ContainerEntry } from './container-entry.ts';

export function publishContainer(
  events: Events,
  entry: ContainerEntry,
  action: string,
  more: Readonly<Record<string, string>> = {},
): void {
  const { id, name, config } = entry.record;
  events.publish('container', action, id, { ...config.labels, image: config.image, name, ...more });
}
