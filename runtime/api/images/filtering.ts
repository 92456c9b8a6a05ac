/** The filters of `docker images` and `docker image prune`. */

import { matchesGlob } from 'node:path';

import type { Image, ImageStore } from '../../engine/images/image-store.ts';
import { booleanFilter, matchesLabels, untilOf } from '../labels.ts';
import { requireKnownFilters, type Filters } from '../query.ts';

const KNOWN = ['dangling', 'label', 'label!', 'before', 'since', 'reference', 'until'];

/** Images that pass every filter, with their tags narrowed to a `reference` filter; newest first. @throws invalid-argument, not-found */
export async function listImages(store: ImageStore, filters: Filters, now: Date): Promise<readonly Image[]> {
  requireKnownFilters(filters, KNOWN);
  const before = await ageOf(store, filters.get('before'));
  const since = await ageOf(store, filters.get('since'));
  const until = untilOf(filters, now);
  const isDangling = booleanFilter(filters, 'dangling');
  const found: Image[] = [];
  for (const image of await store.list()) {
    const age = image.createdAt;
    if (before !== undefined && age >= before) continue;
    if (since !== undefined && age <= since) continue;
    if (until !== undefined && age > until) continue;
    if (isDangling !== undefined && isDangling !== (image.tags.length === 0)) continue;
    if (!matchesLabels(image.config.config?.Labels, filters)) continue;
    const narrowed = narrowToReferences(image, filters.get('reference'));
    if (narrowed !== undefined) found.push(narrowed);
  }
  return found.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
}

async function ageOf(store: ImageStore, names: readonly string[] | undefined): Promise<Date | undefined> {
  const [name] = names ?? [];
  return name === undefined ? undefined : (await store.get(name)).createdAt;
}

function narrowToReferences(image: Image, patterns: readonly string[] | undefined): Image | undefined {
  if (patterns === undefined || patterns.length === 0) return image;
  const tags = image.tags.filter((tag) => patterns.some((pattern) => matchesReference(tag, pattern)));
  const repoDigests = image.repoDigests.filter((name) =>
    patterns.some((pattern) => matchesReference(name, pattern)),
  );
  return tags.length + repoDigests.length === 0 ? undefined : { ...image, tags, repoDigests };
}

/** Docker: a pattern may match the whole reference or the repository alone (distribution reference.FamiliarMatch). */
function matchesReference(tag: string, pattern: string): boolean {
  const repository = tag.replace(/(@sha256:[0-9a-f]+|:[^/:]+)$/, '');
  return matchesGlob(tag, pattern) || matchesGlob(repository, pattern);
}
