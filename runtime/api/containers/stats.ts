/** `GET /containers/{id}/stats`: one object a second, or one object whose `precpu_stats` are a second older. */

import { setTimeout as delay } from 'node:timers/promises';

import type { Containers } from '../../engine/containers/containers.ts';
import type { StatsSample } from '../../engine/containers/requests.ts';
import type { Endpoint } from '../endpoint.ts';
import { statsBody, type StatsSubject } from './wire/stats-body.ts';

const INTERVAL_MS = 1000;

export const containerStats: Endpoint = {
  method: 'GET',
  path: '/containers/{id}/stats',
  handle: async ({ params, query, signal }, { containers }) => {
    const subject = await containers.inspect(params('id'));
    const isStream = query.flagOr('stream', true);
    const isOneShot = query.flag('one-shot');
    return {
      kind: 'stream',
      contentType: 'application/json',
      write: async (out) => {
        for await (const line of statsLines({ containers, subject, isStream, isOneShot, signal })) {
          if (out.destroyed) return;
          out.write(line);
        }
      },
    };
  },
};

interface StatsRequest {
  readonly containers: Containers;
  readonly subject: StatsSubject;
  readonly isStream: boolean;
  readonly isOneShot: boolean;
  readonly signal: AbortSignal;
}

/** Docker: a streaming client sees zeros while the container does not run, and goes on when it does. */
async function* statsLines(request: StatsRequest): AsyncGenerator<string, void, undefined> {
  const { containers, subject, signal } = request;
  let previous: StatsSample | undefined;
  if (!request.isStream && !request.isOneShot) {
    previous = await containers.stats(subject.id);
    if (previous !== undefined) await pause(signal);
  }
  do {
    const sample = await containers.stats(subject.id);
    yield `${JSON.stringify(statsBody(subject, sample, previous))}\n`;
    previous = sample;
    if (request.isStream) await pause(signal);
  } while (request.isStream && !signal.aborted);
}

async function pause(signal: AbortSignal): Promise<void> {
  await delay(INTERVAL_MS, undefined, { signal }).catch(() => undefined); // aborted: the loop looks at the signal
}
