/**
 * Deletions in a layer, as names of members: image-spec layer.md §"Whiteouts", with the aufs leftovers Docker ignores.
 */

import { NaruError } from '../errors.ts';

const PREFIX = '.wh.';
const OPAQUE = '.wh..wh..opq';

/** What a member's path means in a layer. `directory` and `path` have no trailing slash; '' is the root. */
export type LayerName =
  | { readonly kind: 'plain' }
  /** The lower layers' file at `path` is gone. */
  | { readonly kind: 'whiteout'; readonly path: string }
  /** Nothing of the lower layers shows in `directory`. */
  | { readonly kind: 'opaque'; readonly directory: string }
  /** Bookkeeping of aufs; not content. */
  | { readonly kind: 'ignored' };

/** @throws NaruError "invalid-argument" E_LAYER_WHITEOUT for a whiteout of no name, '.' or '..', and for files in a directory named like one */
export function classifyLayerPath(path: string): LayerName {
  const slash = path.lastIndexOf('/');
  const base = path.slice(slash + 1);
  const directory = path.slice(0, Math.max(slash, 0));
  if (/(^|\/)\.wh\.\.wh\./.test(directory)) return { kind: 'ignored' };
  if (/(^|\/)\.wh\./.test(directory)) throw invalid(path);
  if (!base.startsWith(PREFIX)) return { kind: 'plain' };
  if (base === OPAQUE) return { kind: 'opaque', directory };
  if (base.startsWith(PREFIX + PREFIX)) return { kind: 'ignored' };
  const name = base.slice(PREFIX.length);
  if (name === '' || name === '.' || name === '..') {
    throw invalid(path);
  }
  return { kind: 'whiteout', path: path.slice(0, slash + 1) + name };
}

/** Member name that says that `path` was deleted. */
export function whiteoutPath(path: string): string {
  const slash = path.lastIndexOf('/');
  return path.slice(0, slash + 1) + PREFIX + path.slice(slash + 1);
}

/** Member name that makes a directory opaque. */
export function opaquePath(directory: string): string {
  return directory === '' ? OPAQUE : `${directory}/${OPAQUE}`;
}

function invalid(path: string): NaruError {
  return new NaruError('invalid-argument', 'E_LAYER_WHITEOUT', `invalid whiteout ${JSON.stringify(path)}`);
}
