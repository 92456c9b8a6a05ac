/** ADD of a URL: downloads one file, mode 0600 and the server's Last-Modified as its time, as BuildKit does. */

import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import type { HttpOp } from '../../../core/build/ops.ts';
import { NaruError } from '../../../core/errors.ts';
import { digestOfHash } from '../../../core/oci/digest.ts';
import { errorCode } from '../../../local/error-code.ts';
import { download } from '../../../local/http/download.ts';
import { lutimens } from '../../host/syscalls.ts';
import { withoutPasswords } from '../git/command.ts';
import type { StepContext } from './step-context.ts';

/** @throws NaruError "unavailable" when the server does not answer with 2xx, "invalid-argument" when the checksum is another, "not-found" for an archive that was sent and is gone */
export async function executeHttp(op: HttpOp, { active, workspace, signal }: StepContext): Promise<void> {
  if (op.url === '') {
    const message = 'the archive that was sent as the context is not kept any more';
    throw new NaruError('not-found', 'E_ARCHIVE', message, { hint: 'send it again' });
  }
  const { body, modifiedMs = 0 } = await download(op.url, signal);
  const hash = createHash('sha256');
  const target = join(await workspace.mount(active), op.fileName);
  body.on('data', (chunk: Uint8Array) => hash.update(chunk));
  await pipeline(body, createWriteStream(target, { flags: 'wx', mode: 0o600 }), { signal }).catch(
    (cause: unknown) => {
      throw errorCode(cause) === 'ECONNRESET' && !signal.aborted ? brokenOff(op.url, cause) : cause;
    },
  );
  const digest = digestOfHash(hash);
  if (op.checksum !== undefined && op.checksum !== digest) {
    throw new NaruError('invalid-argument', 'E_CHECKSUM', `digest mismatch ${digest}: ${op.checksum}`);
  }
  lutimens(target, BigInt(modifiedMs) * 1_000_000n);
}

/** Docker: in its words. */
function brokenOff(url: string, cause: unknown): NaruError {
  return new NaruError('unavailable', 'E_DOWNLOAD', 'unexpected EOF', {
    hint: `the server broke off while it sent ${withoutPasswords(url)}`,
    cause,
  });
}
