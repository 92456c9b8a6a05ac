/** Progress of pull, push, load and `POST /build`: one JSON object per line, a failure as the last one. */

import {
  type Decoder,
  anything,
  integer,
  object,
  optional,
  string,
} from '../../../core/engine-api/decode.ts';
import { NaruError } from '../../../core/errors.ts';
import { readJsonLines } from '../../../local/http/body.ts';

export interface ProgressMessage {
  /** Layer or image the line is about; '' for none. */
  readonly id: string;
  readonly status: string;
  /** Output of a build; '' for none. */
  readonly text: string;
  readonly currentBytes: number;
  /** 0: not known. */
  readonly totalBytes: number;
  /** What the operation yields, such as `{ ID }` of a build. */
  readonly aux: unknown;
}

/** @throws NaruError with the engine's words when the operation failed */
export async function* readProgress(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<ProgressMessage, void, void> {
  for await (const value of readJsonLines(source)) {
    const line = decodeLine(value, '');
    const error = line.errorDetail?.message || line.error;
    if (error !== '') throw failure(error, line.errorDetail?.code ?? 0);
    yield {
      id: line.id,
      status: line.status,
      text: line.stream,
      currentBytes: line.progressDetail.current,
      totalBytes: line.progressDetail.total,
      aux: line.aux,
    };
  }
}

interface ProgressLine {
  readonly id: string;
  readonly status: string;
  readonly stream: string;
  readonly error: string;
  readonly errorDetail: { readonly code: number; readonly message: string } | undefined;
  readonly progressDetail: { readonly current: number; readonly total: number };
  readonly aux: unknown;
}

const decodeLine: Decoder<ProgressLine> = object<ProgressLine>({
  id: string,
  status: string,
  stream: string,
  error: string,
  errorDetail: optional(object({ code: integer, message: string })),
  progressDetail: object({ current: integer, total: integer }),
  aux: anything,
});

function failure(message: string, code: number): NaruError {
  if (code === 401 || /unauthorized|authentication required|denied: requested access/i.test(message)) {
    return new NaruError('unauthorized', 'E_REGISTRY_DENIED', message, {
      hint: 'log in to the registry first',
    });
  }
  if (code === 404 || /not found|manifest unknown/i.test(message)) {
    return new NaruError('not-found', 'E_IMAGE_NOT_FOUND', message);
  }
  return new NaruError('internal', 'E_ENGINE_OPERATION', message);
}
