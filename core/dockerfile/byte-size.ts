/** Sizes as Docker writes them (`128m`, `1.5g`), in bytes with binary units (github.com/docker/go-units RAMInBytes, measured with docker 28.5.2). */

const POWERS = ' kmgtp';

/** Undefined when the text is not a size. */
export function parseByteSize(text: string): number | undefined {
  const match = /^\+?((?:\d+\.?\d*|\.\d+)(?:e\+?\d+)?) ?(?:b|([kmgtp])(?:i?b)?)?$/.exec(text.toLowerCase());
  if (match === null) return undefined;
  return Math.trunc(Number(match[1]) * 1024 ** POWERS.indexOf(match[2] ?? ' '));
}
