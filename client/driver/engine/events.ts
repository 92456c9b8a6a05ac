/** What happens in an engine, as it happens. */

import { type Decoder, integer, mapOf, object, string } from '../../../core/engine-api/decode.ts';
import { readJsonLines } from '../../../local/http/body.ts';
import type { EngineConnection } from './connection.ts';

export interface EngineEvent {
  /** container, image, network, volume … */
  readonly type: string;
  /** start, die, pull …; `exec_start: ls` and `health_status: healthy` carry a detail. */
  readonly action: string;
  /** Of the container or image; the name of a volume. */
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly at: Date;
  /** The whole answer. */
  readonly raw: Readonly<Record<string, unknown>>;
}

export interface EventOptions {
  /** Unix seconds with fraction, or RFC 3339: events since then come first. */
  readonly since?: string;
  readonly until?: string;
  readonly filters?: Readonly<Record<string, readonly string[]>>;
  readonly signal?: AbortSignal;
  /** Called when the engine listens: nothing that happens from here on is missed. */
  readonly onListening?: () => void;
}

/** Endless unless `until` is given. @throws NaruError "unavailable" when the engine goes away */
export async function* engineEvents(
  engine: EngineConnection,
  options: EventOptions = {},
): AsyncGenerator<EngineEvent, void, void> {
  const query = { since: options.since, until: options.until, filters: options.filters };
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const { body } = await engine.stream({ method: 'GET', path: '/events', query, ...signal });
  options.onListening?.();
  for await (const value of readJsonLines(body)) yield decodeEvent(value, '');
}

interface EventWire {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
  readonly time: number;
  readonly timeNano: unknown;
}

const decodeEventWire: Decoder<EventWire> = object<EventWire>({
  Type: string,
  Action: string,
  Actor: object({ ID: string, Attributes: mapOf(string) }),
  time: integer,
  // Beyond what a double holds exactly: milliseconds are enough here.
  timeNano: (value) => value,
});

function decodeEvent(value: unknown, at: string): EngineEvent {
  const wire = decodeEventWire(value, at);
  const ms = typeof wire.timeNano === 'number' ? wire.timeNano / 1e6 : wire.time * 1000;
  const { ID: id, Attributes: attributes } = wire.Actor;
  const raw = value as EngineEvent['raw']; // the decoder above accepted it as an object
  return { type: wire.Type, action: wire.Action, id, attributes, at: new Date(ms), raw };
}
