/**
 * What happened in the engine, for `GET /events` and for parts that follow others.
 * Events announce; they never steer. The last events are kept in memory for `since`.
 * Names and order follow dockerd 28.5.2 (`docker events`).
 */

export type EventType = 'container' | 'image' | 'volume' | 'network' | 'daemon' | 'builder';

export interface EngineEvent {
  readonly type: EventType;
  /** `create`, `start`, `die`, `exec_create: sh -c …` … */
  readonly action: string;
  /** Id of the container or network, name of the volume, reference or id of the image. */
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Nanoseconds since the epoch; strictly increasing within one engine. */
  readonly timeNs: bigint;
}

export interface EventQuery {
  /** Inclusive, nanoseconds since the epoch; absent: only what happens from now on. */
  readonly sinceNs?: bigint;
  /** The stream ends when the clock passes it; absent: it ends when the signal aborts. */
  readonly untilNs?: bigint;
  /** Docker's filters by key (`type`, `event`, `container`, `image`, `label`, `network`, `volume`, `scope` …); values of a key are alternatives. */
  readonly filters?: ReadonlyMap<string, readonly string[]>;
  readonly signal: AbortSignal;
}

/** How many past events `since` can reach. */
const HISTORY_LENGTH = 1024;

export class Events {
  private readonly history: EngineEvent[] = [];
  private readonly listeners = new Set<(event: EngineEvent) => void>();
  private lastNs = 0n;

  publish(
    type: EventType,
    action: string,
    id: string,
    attributes: Readonly<Record<string, string>> = {},
  ): void {
    const event = { type, action, id, attributes, timeNs: this.nextTimeNs() };
    this.history.push(event);
    if (this.history.length > HISTORY_LENGTH) this.history.shift();
    for (const listener of this.listeners) listener(event);
  }

  /** Calls `listener` for every later event until the returned function is called. */
  listen(listener: (event: EngineEvent) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Past and coming events that match, in order; ends at `untilNs` or when the signal aborts. */
  async *subscribe(query: EventQuery): AsyncGenerator<EngineEvent, void, undefined> {
    const queue = this.history.filter(
      (event) => query.sinceNs !== undefined && event.timeNs >= query.sinceNs,
    );
    let wake = (): void => undefined;
    const stop = this.listen((event) => {
      queue.push(event);
      wake();
    });
    const onAbort = (): void => wake();
    query.signal.addEventListener('abort', onAbort);
    const timer = wakeAt(query.untilNs, onAbort);
    try {
      for (;;) {
        for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
          if (query.untilNs !== undefined && event.timeNs > query.untilNs) return;
          if (matchesEvent(event, query.filters)) yield event;
        }
        if (query.signal.aborted || hasPassed(query.untilNs)) return;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      stop();
      clearTimeout(timer);
      query.signal.removeEventListener('abort', onAbort);
    }
  }

  private nextTimeNs(): bigint {
    const now = BigInt(Date.now()) * 1_000_000n;
    this.lastNs = now > this.lastNs ? now : this.lastNs + 1n;
    return this.lastNs;
  }
}

/** True when the event passes every filter key; unknown keys match nothing. */
function matchesEvent(
  event: EngineEvent,
  filters: ReadonlyMap<string, readonly string[]> | undefined,
): boolean {
  for (const [key, values] of filters ?? []) {
    if (values.length > 0 && !values.some((value) => matchesFilter(event, key, value))) return false;
  }
  return true;
}

function matchesFilter(event: EngineEvent, key: string, value: string): boolean {
  switch (key) {
    case 'type':
      return event.type === value;
    case 'event':
      // `exec_start: sh` and `health_status: healthy` are found by their first word as well.
      return event.action === value || event.action.split(':')[0] === value;
    case 'label': {
      const [name, expected] = splitOnce(value, '=');
      const actual = event.attributes[name];
      return actual !== undefined && (expected === undefined || actual === expected);
    }
    case 'scope':
      return value === 'local';
    case 'container':
    case 'volume':
    case 'network':
    case 'daemon':
      return namesSubject(event, key, value);
    case 'image':
      return namesSubject(event, key, value) || event.attributes['image'] === value;
    default:
      return false;
  }
}

/** By id, id prefix, or name; a network event about a container is found by the container as well. */
function namesSubject(event: EngineEvent, type: string, value: string): boolean {
  if (event.type !== type) return event.attributes[type] === value;
  const name = event.attributes['name'];
  return event.id.startsWith(value) || name === value || `/${name}` === value;
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function wakeAt(untilNs: bigint | undefined, wake: () => void): NodeJS.Timeout | undefined {
  if (untilNs === undefined) return undefined;
  const delayMs = Number(untilNs / 1_000_000n) - Date.now() + 1;
  return setTimeout(wake, Math.min(Math.max(delayMs, 0), 2 ** 31 - 1));
}

function hasPassed(untilNs: bigint | undefined): boolean {
  return untilNs !== undefined && BigInt(Date.now()) * 1_000_000n >= untilNs;
}
