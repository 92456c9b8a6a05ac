/** `logs --details`: the labels, variables and the tag that the log options name, before each line (dockerd 28.5.2, measured). Pure. */

import type { ContainerRecord } from '../container.ts';

/** `FOO=bar,la=x+y` by name; '' where the log options name nothing. Names and values are escaped as in a URL's query. */
export function logDetails(record: ContainerRecord): string {
  const { logOptions = {} } = record.host;
  const { labels = {}, env = [] } = record.config;
  const variables = env.map((text): readonly [string, string] => {
    const at = text.indexOf('=');
    return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
  });
  const { tag = '' } = logOptions;
  const found = new Map([
    ...named(Object.entries(labels), logOptions['labels'], logOptions['labels-regex']),
    ...named(variables, logOptions['env'], logOptions['env-regex']),
    ...(tag === '' ? [] : ([['tag', expand(tag, record)]] as const)),
  ]);
  return [...found]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${escape(name)}=${escape(value)}`)
    .join(',');
}

function named(
  all: readonly (readonly [string, string])[],
  names = '',
  pattern = '',
): readonly (readonly [string, string])[] {
  const wanted = new Set(names.split(','));
  const expression = pattern === '' ? undefined : new RegExp(pattern);
  return all.filter(([name]) => wanted.has(name) || expression?.test(name) === true);
}

function expand(tag: string, { id, name, imageId, config }: ContainerRecord): string {
  const image = imageId.replace(/^sha256:/, '');
  const values: Readonly<Record<string, string>> = {
    ID: id.slice(0, 12),
    FullID: id,
    Name: name,
    ImageName: config.image,
    ImageID: image.slice(0, 12),
    ImageFullID: imageId,
    DaemonName: 'docker',
  };
  return tag.replaceAll(/\{\{\s*\.(\w+)\s*\}\}/g, (whole, field: string) => values[field] ?? whole);
}

/** Go's url.QueryEscape. */
function escape(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
