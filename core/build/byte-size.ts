/** Sizes as Docker writes them (`128m`, `1.5g`), in bytes with binary units (github.com/docker/go-units RAMInBytes). */

const POWERS = 'bkmgtp';

/** Undefined when the text is not a size. */
export function parseByteSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([bkmgtp])?i?b?$/.exec(text.toLowerCase());
  if (match === null) return undefined;
  return Math.trunc(Number(match[1]) * 1024 ** Math.max(0, POWERS.indexOf(match[2] ?? 'b')));
}
