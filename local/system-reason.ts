/** What the system said, without what Node adds around it. */

/** `no such file or directory` of Node's `ENOENT: no such file or directory, open '/x'`; any other error's message as it is. */
export function systemReason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  // What the system says of it, `illegal operation on a directory`, does not say what the name is.
  if (text.startsWith('EISDIR: ')) return 'it is a directory';
  return /^E[A-Z0-9]+: (.+?), [a-z]+(?: '.*)?$/s.exec(text)?.[1] ?? text;
}
