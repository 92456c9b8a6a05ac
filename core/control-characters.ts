/** Control characters made visible, so that text from a file or a program cannot steer the terminal that shows it. */

/** C0 and C1 controls and DEL as `\xNN`; tabs and line ends stay. */
export function escapeControls(text: string): string {
  return Array.from(text, (char) => (isControl(char) ? escaped(char) : char)).join('');
}

function isControl(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  return (code < 0x20 && char !== '\t' && char !== '\n') || (code >= 0x7f && code <= 0x9f);
}

function escaped(char: string): string {
  return `\\x${(char.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`;
}
