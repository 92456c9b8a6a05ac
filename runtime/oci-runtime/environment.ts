/** The environment of a container's process: what the engine adds, and how lists of `NAME=value` are merged. */

export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A later entry of the same name wins and keeps the place of the first; `NAME` without `=` removes it. */
export function mergeEnvironment(...lists: readonly (readonly string[])[]): readonly string[] {
  const merged = new Map<string, string>();
  for (const entry of lists.flat()) {
    const at = entry.indexOf('=');
    if (at < 0) merged.delete(entry);
    else merged.set(entry.slice(0, at), entry);
  }
  return [...merged.values()];
}

/**
 * Docker: `config` is the merged environment of image and user; PATH, HOSTNAME and, with a terminal, TERM come first.
 * HOME is that of the user unless it was set.
 */
export function processEnvironment(options: {
  readonly config: readonly string[];
  readonly hostname: string;
  readonly tty: boolean;
  readonly home: string;
}): readonly string[] {
  const base = [
    `PATH=${DEFAULT_PATH}`,
    `HOSTNAME=${options.hostname}`,
    ...(options.tty ? ['TERM=xterm'] : []),
  ];
  const merged = mergeEnvironment(base, options.config);
  return merged.some((entry) => entry.startsWith('HOME=')) ? merged : [...merged, `HOME=${options.home}`];
}
