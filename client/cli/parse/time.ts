/**
 * A point in time on the command line: RFC 3339 or its beginning, Unix seconds, or a duration that is counted back from now.
 * As docker's CLI reads --since and --until (docker 28.2.2): what has no zone is meant in the user's.
 */

import { NaruError } from '../../../core/errors.ts';
import { readDuration } from './duration.ts';

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?)?(Z|[+-]\d\d:\d\d)?$/i;

/** Unix seconds with up to nine decimals, as the Engine API takes them. @throws NaruError "invalid-argument" naming the option */
export function parseTime(option: string, text: string, now: Date): string {
  const backMs = readDuration(text);
  if (backMs !== undefined) return ((now.getTime() - backMs) / 1000).toFixed(3);
  if (/^\d+(\.\d{1,9})?$/.test(text)) return text;
  const seconds = readDate(text);
  if (seconds !== undefined) return seconds;
  throw new NaruError(
    'invalid-argument',
    'E_TIME',
    `${option}: ${JSON.stringify(text)} is neither a time nor a duration`,
    {
      hint: 'write 10m or 1h30m, 2026-01-31T08:00:00Z, or Unix seconds',
    },
  );
}

function readDate(text: string): string | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [
    ,
    year = '',
    month = '',
    day = '',
    hour = '00',
    minute = '00',
    second = '00',
    fraction = '',
    zone = '',
  ] = match;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone.toUpperCase()}`);
  const milliseconds = time.getTime();
  // The engine of JavaScript takes the 31st of February for the 3rd of March.
  if (Number.isNaN(milliseconds) || Number(day) > new Date(Number(year), Number(month), 0).getDate())
    return undefined;
  return `${milliseconds / 1000}${fraction === '' ? '' : `.${fraction}`}`;
}
