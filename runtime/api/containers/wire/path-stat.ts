/** The `X-Docker-Container-Path-Stat` header: base64 of JSON whose mode is Go's `os.FileMode`, not Unix' `st_mode`. */

import type { PathStat } from '../../../engine/containers/requests.ts';

/** Unix file type (st_mode & 0o170000) -> bits of Go's FileMode (go.dev/pkg/io/fs#FileMode). */
const GO_TYPE_BITS: ReadonlyMap<number, number> = new Map([
  [0o040000, 2 ** 31],
  [0o120000, 2 ** 27],
  [0o060000, 2 ** 26],
  [0o020000, 2 ** 26 + 2 ** 21],
  [0o010000, 2 ** 25],
  [0o140000, 2 ** 24],
]);

export function pathStatHeader(stat: PathStat): Readonly<Record<string, string>> {
  const body = {
    name: stat.name,
    size: stat.sizeBytes,
    mode: goFileMode(stat.mode),
    mtime: stat.modifiedAt.toISOString(),
    linkTarget: stat.linkTarget,
  };
  return { 'X-Docker-Container-Path-Stat': Buffer.from(JSON.stringify(body)).toString('base64') };
}

/** Go keeps setuid, setgid and sticky beside the type, at bits 23, 22 and 20. */
export function goFileMode(mode: number): number {
  return (
    (mode & 0o777) +
    (GO_TYPE_BITS.get(mode & 0o170000) ?? 0) +
    ((mode & 0o4000) === 0 ? 0 : 2 ** 23) +
    ((mode & 0o2000) === 0 ? 0 : 2 ** 22) +
    ((mode & 0o1000) === 0 ? 0 : 2 ** 20)
  );
}
