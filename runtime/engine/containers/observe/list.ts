/** `GET /containers/json`: which containers, by Docker's filters. */

import { NaruError } from '../../../../core/errors.ts';
import { hasLabel } from '../../has-label.ts';
import type { Image } from '../../images/image-store.ts';
import type { ContainerEntry } from '../container-entry.ts';
import type { ContainerParts } from '../parts.ts';
import type { Filters, ListOptions } from '../requests.ts';
import { checkFilterValues } from './filter-values.ts';
import { fitsPortFilters } from './ports.ts';

/** Newest first. @throws invalid-argument for a filter dockerd does not know either */
export async function listContainers(
  parts: ContainerParts,
  options: ListOptions,
): Promise<readonly ContainerEntry[]> {
  const filters = options.filters ?? new Map();
  const match = await makeMatcher(parts, filters);
  const showsAll =
    options.all === true ||
    (options.limit ?? 0) > 0 ||
    filters.has('status') ||
    filters.has('exited') ||
    filters.has('is-task');
  const shown = parts.table.all().filter((entry) => (showsAll || isShown(entry)) && match(entry));
  return options.limit === undefined || options.limit <= 0 ? shown : shown.slice(0, options.limit);
}

/** Whether a container passes all filters; a filter without values holds (but for `ancestor`, as in dockerd 28.5.2), values of one key are alternatives, except labels and networks of docker, which must all hold. */
export async function makeMatcher(
  parts: ContainerParts,
  filters: Filters,
): Promise<(entry: ContainerEntry) => boolean> {
  checkFilterValues(filters);
  for (const key of ['before', 'since']) {
    for (const name of filters.get(key) ?? []) parts.table.get(name);
  }
  const ancestors = await imageIdsOf(parts, filters.get('ancestor') ?? []);
  const tests = [...filters].map(([key, values]) => {
    if (key === 'label')
      return (entry: ContainerEntry) => values.every((value) => hasLabel(entry.record.config.labels, value));
    if (key === 'ancestor') return (entry: ContainerEntry) => ancestors.has(entry.record.imageId);
    if (key === 'publish' || key === 'expose')
      return (entry: ContainerEntry) => fitsPortFilters(entry.record, filters);
    const test = testFor(parts, key);
    return (entry: ContainerEntry) => values.length === 0 || values.some((value) => test(entry, value));
  });
  return (entry) => tests.every((test) => test(entry));
}

type Test = (entry: ContainerEntry, value: string) => boolean;

function testFor(parts: ContainerParts, key: string): Test {
  switch (key) {
    case 'id':
      return ({ id }, value) => id.startsWith(value);
    case 'name':
      return ({ record }, value) => matchesName(record.name, value);
    case 'label!':
      return (entry, value) => !hasLabel(entry.record.config.labels, value);
    case 'status':
      return ({ state }, value) => state.status === value;
    case 'exited':
      return ({ state }, value) => state.status === 'exited' && state.exitCode === Number(value);
    case 'health':
      return ({ state }, value) => (state.health?.status ?? 'none') === value;
    case 'before':
      return ({ record }, value) => record.createdAt < parts.table.get(value).record.createdAt;
    case 'since':
      return ({ record }, value) => record.createdAt > parts.table.get(value).record.createdAt;
    case 'volume':
      return ({ record }, value) => record.mounts.some((m) => m.name === value || m.destination === value);
    case 'network':
      return (entry, value) => isOnNetwork(entry, value);
    case 'is-task':
      return (_entry, value) => value === 'false' || value === '0';
    case 'isolation':
      return () => true;
    default:
      throw new NaruError('invalid-argument', 'E_FILTER', `invalid filter '${key}'`);
  }
}

function isShown(entry: ContainerEntry): boolean {
  return entry.isRunning || entry.state.status === 'restarting';
}

/** Docker: a regular expression, tried on the name with and without its slash. */
function matchesName(name: string, value: string): boolean {
  try {
    const pattern = new RegExp(value);
    return pattern.test(name) || pattern.test(`/${name}`);
  } catch {
    return name.includes(value);
  }
}

function isOnNetwork(entry: ContainerEntry, value: string): boolean {
  const { networks, attachment, host } = entry.record;
  return (
    host.networkMode === value ||
    networks.some(({ network }) => network === value) ||
    (attachment?.endpoints ?? []).some(
      ({ networkId, networkName }) => networkName === value || networkId.startsWith(value),
    )
  );
}

/** The images themselves and those that were built on them: their lowest layers are the image's. */
async function imageIdsOf(parts: ContainerParts, names: readonly string[]): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  const found = (await Promise.all(names.map((name) => parts.images.find(name)))).filter(
    (i) => i !== undefined,
  );
  const all = await parts.images.list();
  return new Set(all.filter((image) => found.some((base) => isBuiltOn(image, base))).map(({ id }) => id));
}

function isBuiltOn(image: Image, base: Image): boolean {
  if (image.id === base.id) return true;
  return base.snapshots.length > 0 && base.snapshots.every((name, index) => image.snapshots[index] === name);
}
