/** ADD of a URL: downloads one file, mode 0600 and the server's Last-Modified as its time, as BuildKit does. */

import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { NaruError } from '../../../core/errors.ts';
import type { HttpOp } from '../../../core/build/ops.ts';
import { lutimens } from '../../host/syscalls.ts';
import type { StepContext } from './step-context.ts';

/** @throws NaruError "unavailable" when the server does not answer with 2xx, "invalid-argument" when the checksum is another */
export async function executeHttp(op: HttpOp, { active, signal }: StepContext): Promise<void> {
  const response = await fetch(op.url, { signal, redirect: 'follow' }).catch((cause: unknown) => {
    throw new NaruError('unavailable', 'E_DOWNLOAD', `cannot download ${op.url}`, { cause });
  });
  if (!response.ok || response.body === null) {
    throw new NaruError('unavailable', 'E_DOWNLOAD', `invalid response status ${response.status}`, {
      hint: `the server was asked for ${op.url}`,
    });
  }
  const hash = createHash('sha256');
  const target = join(active.path, op.fileName);
  const body = Readable.fromWeb(response.body);
  body.on('data', (chunk: Uint8Array) => hash.update(chunk));
  await pipeline(body, createWriteStream(target, { flags: 'wx', mode: 0o600 }), { signal });
  const digest = `sha256:${hash.digest('hex')}`;
  if (op.checksum !== undefined && op.checksum !== digest) {
    throw new NaruError('invalid-argument', 'E_CHECKSUM', `digest mismatch ${digest}: ${op.checksum}`);
  }
  const modified = Date.parse(response.headers.get('last-modified') ?? '');
  lutimens(target, Number.isNaN(modified) ? 0n : BigInt(modified) * 1_000_000n);
}
