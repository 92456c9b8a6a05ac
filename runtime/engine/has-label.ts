/** The `label` filter of everything that has labels. */

/** True when the label is there: `key`, or `key=value`. */
export function hasLabel(labels: Readonly<Record<string, string>> | undefined, wanted: string): boolean {
  const at = wanted.indexOf('=');
  const key = at < 0 ? wanted : wanted.slice(0, at);
  const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
  return value !== undefined && (at < 0 || value === wanted.slice(at + 1));
}
