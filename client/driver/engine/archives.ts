/** Files into and out of a container, as tars: what `docker cp` uses. */

import { type Decoder, integer, object, string } from '../../../core/engine-api/decode.ts';
import { NaruError } from '../../../core/errors.ts';
import type { EngineConnection } from './connection.ts';
import { containerPath } from './containers.ts';

export interface PathStat {
  readonly name: string;
  readonly isDirectory: boolean;
  /** '' for what is no symbolic link. */
  readonly linkTarget: string;
}

/** Links are not followed, but for one with a slash behind it. Undefined when nothing is there. @throws NaruError "not-found" when the container is not there */
export async function statPath(
  engine: EngineConnection,
  id: string,
  path: string,
): Promise<PathStat | undefined> {
  const call = { method: 'HEAD', path: `${containerPath(id)}/archive`, query: { path } } as const;
  const headers = await engine.head(call);
  return headers === undefined ? undefined : decodeStat(headers[STAT_HEADER]);
}

export interface ContainerArchive {
  readonly stat: PathStat;
  /** The path's last name is the first member's; with `/.` behind it that is '.'. */
  readonly tar: AsyncIterable<Uint8Array>;
}

/** @throws NaruError "not-found" when the container or the path is not there */
export async function readArchive(
  engine: EngineConnection,
  id: string,
  path: string,
): Promise<ContainerArchive> {
  const call = { method: 'GET', path: `${containerPath(id)}/archive`, query: { path } } as const;
  const { headers, body } = await engine.stream(call);
  return { stat: decodeStat(headers[STAT_HEADER]), tar: body };
}

/** Unpacks into a directory of the container; a directory never replaces something else. @throws NaruError "not-found" when it is not there */
export async function putArchive(
  engine: EngineConnection,
  id: string,
  directory: string,
  tar: AsyncIterable<Uint8Array>,
  keepsOwners: boolean,
): Promise<void> {
  const query = { path: directory, noOverwriteDirNonDir: true, copyUIDGID: keepsOwners };
  const headers = { 'content-type': 'application/x-tar' };
  await engine.done({ method: 'PUT', path: `${containerPath(id)}/archive`, query, headers, stream: tar });
}

const STAT_HEADER = 'x-docker-container-path-stat';

/** Bit of Go's FileMode (pkg.go.dev/io/fs#FileMode). */
const DIRECTORY_BIT = 2 ** 31;

const decodeWire: Decoder<{ readonly name: string; readonly mode: number; readonly linkTarget: string }> =
  object({
    name: string,
    mode: integer,
    linkTarget: string,
  });

/** Base64 of JSON. */
function decodeStat(header: string | readonly string[] | undefined): PathStat {
  if (typeof header !== 'string') {
    throw new NaruError('unavailable', 'E_ENGINE_ANSWER', 'the engine did not say what the path is');
  }
  const { name, mode, linkTarget } = decodeWire(
    JSON.parse(Buffer.from(header, 'base64').toString('utf8')),
    'stat',
  );
  return { name, isDirectory: mode >= DIRECTORY_BIT, linkTarget };
}
