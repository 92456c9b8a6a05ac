/** `GET /events`: one JSON object per line, from `since` until `until` or until the client leaves. */

import type { Writable } from 'node:stream';

import type { EngineEvent, EventQuery } from '../../engine/events/events.ts';
import type { Endpoint } from '../endpoint.ts';
import { present } from '../present.ts';
import { instantNsOf } from '../timestamps.ts';
import { writableAgain } from '../writable-again.ts';

export const systemEvents: Endpoint = {
  method: 'GET',
  path: '/events',
  handle: async ({ query, signal }, { events }) => {
    const wanted = present<EventQuery>({
      sinceNs: instantNsOf('since', query.text('since')),
      untilNs: instantNsOf('until', query.text('until')),
      filters: query.filters(),
      signal,
    });
    return {
      kind: 'stream',
      contentType: 'application/json',
      write: async (out) => {
        for await (const event of events.subscribe(wanted)) {
          if (!(await writeLine(out, eventLine(event)))) return;
        }
      },
    };
  },
};

/** A nanosecond count is beyond a double, so it is put in digit by digit. */
function eventLine(event: EngineEvent): string {
  return `${JSON.stringify(eventBody(event)).slice(0, -1)},"timeNano":${event.timeNs}}\n`;
}

/** `status`, `id` and `from` are there for containers and images only, as dockerd keeps them for old clients. */
function eventBody(event: EngineEvent): Readonly<Record<string, unknown>> {
  const isOld = event.type === 'container' || event.type === 'image';
  const from = event.attributes['image'];
  return {
    ...(isOld ? { status: event.action, id: event.id } : {}),
    ...(isOld && from !== undefined ? { from } : {}),
    Type: event.type,
    Action: event.action,
    Actor: { ID: event.id, Attributes: event.attributes },
    scope: 'local',
    time: Number(event.timeNs / 1_000_000_000n),
  };
}

async function writeLine(out: Writable, line: string): Promise<boolean> {
  if (out.destroyed) return false;
  if (out.write(line)) return true;
  await writableAgain(out);
  return !out.destroyed;
}
