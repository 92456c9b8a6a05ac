/** Sizes, ages and durations in words for people, in docker's style. */

/** `1.23MB`: decimal units, three digits, as `docker images` prints. */
export function formatBytes(bytes: number): string {
  return formatDecimal(bytes, 3);
}

/** The same with four digits, as `docker system df` prints. */
export function formatPreciseBytes(bytes: number): string {
  return formatDecimal(bytes, 4);
}

function formatDecimal(bytes: number, nDigits: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${Number(value.toPrecision(nDigits))}${units[unit] ?? 'B'}`;
}

/** `3 minutes`, `2 days`, `About an hour`: docker's words for a span of time. */
export function formatAge(seconds: number): string {
  if (seconds < 1) return 'Less than a second';
  if (seconds < 2) return '1 second';
  if (seconds < 60) return `${Math.floor(seconds)} seconds`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.round(seconds / 3600);
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  const days = Math.floor(hours / 24);
  if (days < 14) return `${days} days`;
  if (days < 60) return `${Math.floor(days / 7)} weeks`;
  if (days < 730) return `${Math.floor(days / 30)} months`;
  return `${Math.floor(days / 365)} years`;
}

/** `5 minutes ago`. */
export function formatAgo(time: Date): string {
  return `${formatAge((Date.now() - time.getTime()) / 1000)} ago`;
}

/** `0.4s`, `12.3s`, `2m05s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 100) return `${seconds.toFixed(1)}s`;
  return `${Math.floor(seconds / 60)}m${String(Math.round(seconds % 60)).padStart(2, '0')}s`;
}

/** `1.5GiB`: binary units, four significant characters, as `docker stats` prints memory. */
export function formatBinaryBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Number(value.toPrecision(4))}${units[unit] ?? 'B'}`;
}

/** `2026-11-27 14:33:37 +0000 UTC`: Go's way to print a time, in the user's zone. */
export function formatLocalTime(time: Date): string {
  const minutes = -time.getTimezoneOffset();
  const local = new Date(time.getTime() + minutes * 60_000).toISOString();
  const zone = new Intl.DateTimeFormat('en', { timeZoneName: 'short' })
    .formatToParts(time)
    .find(({ type }) => type === 'timeZoneName')?.value;
  const fraction = local.slice(19, 23).replace(/\.?0+$/, '');
  return `${local.slice(0, 10)} ${local.slice(11, 19)}${fraction} ${formatOffset(minutes, '')} ${zone ?? ''}`.trimEnd();
}

/** `2026-11-27T14:33:37Z`, or with the offset of the user's zone. `nDigits` of a second. */
export function formatRfc3339(time: Date, nDigits = 0): string {
  const minutes = -time.getTimezoneOffset();
  const local = new Date(time.getTime() + minutes * 60_000).toISOString();
  const fraction = nDigits === 0 ? '' : `.${local.slice(20, 23).padEnd(nDigits, '0')}`;
  return `${local.slice(0, 19)}${fraction}${minutes === 0 ? 'Z' : formatOffset(minutes, ':')}`;
}

function formatOffset(minutes: number, separator: string): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${separator}${two(size % 60)}`;
}

/** `a=b,c=d`, in the order of the names. */
export function formatLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}

/** The first 12 digits, as people use them. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}

/** At most `width` characters, the last one an ellipsis where something is left out. */
export function shorten(text: string, width: number): string {
  const characters = Array.from(text);
  return characters.length > width ? `${characters.slice(0, width - 1).join('')}…` : text;
}

/** In quotes, with escapes for what would disturb a terminal. */
export function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
