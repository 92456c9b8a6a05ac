/** The filters of `docker images` and `docker image prune`. */

import { matchesGlob } from 'node:path';

import { NaruError } from '../../../core/errors.ts';
import { booleanFilter } from '../../engine/filters/boolean-filter.ts';
import type { Image, ImageStore } from '../../engine/images/image-store.ts';
import { matchesLabels, untilOf } from '../labels.ts';
import { requireKnownFilters, type Filters } from '../query.ts';

const KNOWN = ['dangling', 'label', 'label!', 'before', 'since', 'reference', 'until'];

/** Images that pass every filter, with their tags narrowed to a `reference` filter; newest first. @throws invalid-argument, not-found */
export async function listImages(store: ImageStore, filters: Filters, now: Date): Promise<readonly Image[]> {
  requireKnownFilters(filters, KNOWN);
  // Docker: an odd pattern is refused where an image is compared with it, with 500 (28.5.2).
  if ((filters.get('reference') ?? []).some((pattern) => !isPattern(pattern))) {
    throw new NaruError('invalid-argument', 'E_FILTERS', 'syntax error in pattern');
  }
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

/** As Go's path.Match has it: a class is closed and holds something, and a backslash stands before something. */
function isPattern(text: string): boolean {
  return !/[[\\]/.test(text.replaceAll(/\\./gs, '').replaceAll(/\[\^?[^\]\\]+\]/g, ''));
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
