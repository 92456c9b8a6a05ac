/** What a bind mount names of a stage or an image that is not there. */

import { NaruError } from '../errors.ts';

import type { RunOp } from './ops.ts';

/** Docker: it fails as the command would (28.5.2, measured). `path`: as `RunMount` has it. */
export function missingMountSource({ argv }: Pick<RunOp, 'argv'>, path: string, cause?: unknown): NaruError {
  const command = JSON.stringify(argv.join(' '));
  const message = `process ${command} did not complete successfully: open /${path}: no such file or directory`;
  return new NaruError('not-found', 'E_MOUNT_SOURCE_MISSING', message, {
    ...(cause === undefined ? {} : { cause }),
    hint: 'source= of the mount names nothing in that stage or image',
  });
}
