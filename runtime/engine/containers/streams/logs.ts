/** `GET /containers/{id}/logs`: what a container wrote, by stream, time and number of lines, and what it goes on to write. */

import { NaruError } from '../../../../core/errors.ts';
import { LogReader, type LogRecord } from '../../../oci-runtime/container-log.ts';
import type { ContainerEntry } from '../container-entry.ts';
import type { ContainerParts } from '../parts.ts';
import type { LogOptions } from '../requests.ts';
import { logFileOf } from '../run/log-file.ts';

/** In the order written. Following ends with the run, the removal, `until` or the signal. @throws NaruError "unimplemented", at once, when nothing is kept */
export function readLogs(
  parts: ContainerParts,
  entry: ContainerEntry,
  options: LogOptions,
): AsyncGenerator<LogRecord, void, undefined> {
  if (entry.record.host.logDriver === 'none') {
    const message = 'configured logging driver does not support reading';
    throw new NaruError('unimplemented', 'E_LOG_DRIVER', message);
  }
  return recordsOf(parts, entry, options);
}

async function* recordsOf(
  parts: ContainerParts,
  entry: ContainerEntry,
  options: LogOptions,
): AsyncGenerator<LogRecord, void, undefined> {
  const reader = new LogReader(logFileOf(parts, entry.id));
  try {
    // Noticing begins before reading, so that nothing falls between the two.
    if (options.follow === true && entry.isRunning) reader.follow();
    yield* lastOf(filtered(existing(reader, entry), options), options.tail);
    if (options.follow === true) yield* filtered(following(reader, entry, options), options);
  } finally {
    await reader.close();
  }
}

async function* existing(
  reader: LogReader,
  entry: ContainerEntry,
): AsyncGenerator<LogRecord, void, undefined> {
  yield* reader.read();
  if (!entry.isRunning) yield* reader.rest();
}

async function* following(
  reader: LogReader,
  entry: ContainerEntry,
  options: LogOptions,
): AsyncGenerator<LogRecord, void, undefined> {
  const ended = new AbortController();
  const stop = (): void => ended.abort();
  options.signal.addEventListener('abort', stop, { once: true });
  // The client may have gone while it was told what was there before.
  if (options.signal.aborted) stop();
  const untilTimer =
    options.until === undefined
      ? undefined
      : setTimeout(stop, Math.max(0, options.until.getTime() - Date.now()));
  if (entry.isRunning) entry.waitFor('next-exit', ended.signal).then(stop, () => undefined);
  else stop();
  try {
    while (!ended.signal.aborted) {
      await reader.changed(ended.signal);
      yield* reader.read();
    }
    yield* reader.read();
    yield* reader.rest();
  } finally {
    stop();
    clearTimeout(untilTimer);
    options.signal.removeEventListener('abort', stop);
  }
}

async function* filtered(
  records: AsyncGenerator<LogRecord, void, undefined>,
  options: LogOptions,
): AsyncGenerator<LogRecord, void, undefined> {
  const since = options.since === undefined ? '' : stamp(options.since);
  const until = options.until === undefined ? undefined : stamp(options.until);
  for await (const record of records) {
    if (until !== undefined && record.timestamp > until) return;
    if (!options[record.stream] || record.timestamp < since) continue;
    yield record;
  }
}

/** The last n; holds no more than n. */
async function* lastOf(
  records: AsyncGenerator<LogRecord, void, undefined>,
  nRecords: number | undefined,
): AsyncGenerator<LogRecord, void, undefined> {
  if (nRecords === undefined || nRecords < 0) {
    yield* records;
    return;
  }
  const kept: LogRecord[] = [];
  let oldest = 0;
  for await (const record of records) {
    if (kept.length < nRecords) kept.push(record);
    else if (nRecords > 0) {
      kept[oldest] = record;
      oldest = (oldest + 1) % nRecords;
    }
  }
  yield* kept.slice(oldest);
  yield* kept.slice(0, oldest);
}

/** In the form of the log's own timestamps, so that text order is time order. */
function stamp(date: Date): string {
  return date.toISOString().replace('Z', '000000Z');
}
