/** Looks into an engine's root for what must never be there: rows without directories, directories without rows, records without results. */

import * as fs from 'node:fs';
import { join } from 'node:path';

import { readMetadata } from '../../support/metadata-copy.ts';

interface SnapshotRow {
  readonly name: string;
  readonly number: number;
  readonly parent?: string;
  readonly state: string;
}

interface RecordRow {
  readonly id: string;
  readonly result: string;
}

/** One sentence per fault. Builds must not be running. */
export function faultsOf(root: string): readonly string[] {
  return readMetadata(root, (database) => {
    const rows = <T>(kind: string): readonly T[] =>
      database
        .prepare('SELECT json FROM documents WHERE kind = ?')
        .all(kind)
        .map((row) => JSON.parse(String(row['json'])) as T); // the engine wrote it
    const leases = database.prepare('SELECT owner, resource FROM leases').all();
    const snapshots = rows<SnapshotRow>('snapshot');
    const records = rows<RecordRow>('cache.record');
    const mounts = rows<{ readonly id: string }>('cache.mount');
    return [
      ...differences(
        'snapshot',
        names(join(root, 'snapshots')),
        snapshots.map(({ number }) => String(number)),
      ),
      ...differences(
        'cache mount',
        names(join(root, 'build/cache-mounts')),
        mounts.map(({ id }) => id),
      ),
      ...snapshotFaults(
        snapshots,
        records,
        leases.map((row) => String(row['resource'])),
      ),
      ...leaseFaults(
        records,
        leases.map((row) => String(row['owner'])),
      ),
    ];
  });
}

function differences(
  what: string,
  directories: readonly string[],
  rows: readonly string[],
): readonly string[] {
  return [
    ...directories
      .filter((name) => !rows.includes(name))
      .map((name) => `${what} directory ${name} has no row`),
    ...rows
      .filter((name) => !directories.includes(name))
      .map((name) => `${what} row ${name} has no directory`),
  ];
}

function snapshotFaults(
  snapshots: readonly SnapshotRow[],
  records: readonly RecordRow[],
  held: readonly string[],
): readonly string[] {
  const byName = new Map(snapshots.map((row) => [row.name, row]));
  const parents = new Set(snapshots.map(({ parent }) => parent));
  return [
    ...records
      .filter(({ result }) => byName.get(result)?.state !== 'committed')
      .map(({ id }) => `record ${id} has no result`),
    ...snapshots
      .filter(({ parent }) => parent !== undefined && !byName.has(parent))
      .map(({ name }) => `snapshot ${name} has no parent`),
    ...snapshots
      .filter(
        ({ name, state }) =>
          state === 'committed' && !held.includes(`snapshot:${name}`) && !parents.has(name),
      )
      .map(({ name }) => `nobody holds snapshot ${name}`),
    ...snapshots.filter(({ state }) => state !== 'committed').map(({ name }) => `${name} is left`),
  ];
}

function leaseFaults(records: readonly RecordRow[], owners: readonly string[]): readonly string[] {
  const known = new Set(records.map(({ id }) => `cache:${id}`));
  return owners
    .filter((owner) => owner.startsWith('temporary:') || (owner.startsWith('cache:') && !known.has(owner)))
    .map((owner) => `owner ${owner} holds something`);
}

function names(directory: string): readonly string[] {
  return fs.existsSync(directory) ? fs.readdirSync(directory) : [];
}
