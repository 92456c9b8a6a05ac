/** `POST /containers/{id}/wait`: the status goes out as soon as the wait cannot miss the exit, the body when it happens. */

import { NaruError } from '../../../core/errors.ts';
import type { Containers } from '../../engine/containers/containers.ts';
import type { WaitCondition, WaitResult } from '../../engine/containers/requests.ts';
import type { Answer, Endpoint } from '../endpoint.ts';

export const containerWait: Endpoint = {
  method: 'POST',
  path: '/containers/{id}/wait',
  handle: async ({ params, query, signal }, { containers }) =>
    waitAnswer(containers, params('id'), conditionOf(query.text('condition')), signal),
};

function conditionOf(text: string): WaitCondition {
  switch (text) {
    case '':
    case 'not-running':
      return 'not-running';
    case 'next-exit':
    case 'removed':
      return text;
    default:
      throw new NaruError('invalid-argument', 'E_CONDITION', `invalid condition: ${JSON.stringify(text)}`);
  }
}

/** Docker: `docker run` starts the container only after it has seen these headers. */
async function waitAnswer(
  containers: Containers,
  id: string,
  condition: WaitCondition,
  signal: AbortSignal,
): Promise<Answer> {
  let markReady = (): void => undefined;
  const ready = new Promise<void>((resolve) => (markReady = resolve));
  const result = containers.wait(id, condition, signal, markReady);
  result.catch(() => undefined); // whoever awaits it below or in the stream sees the rejection
  await Promise.race([ready, result]);
  return streamOf(result);
}

function streamOf(result: Promise<WaitResult>): Answer {
  return {
    kind: 'stream',
    contentType: 'application/json',
    write: async (out) => {
      const { exitCode, error } = await result;
      const body = { StatusCode: exitCode, ...(error === undefined ? {} : { Error: { Message: error } }) };
      out.write(`${JSON.stringify(body)}\n`);
    },
  };
}
