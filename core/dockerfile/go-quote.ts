/**
 * Text in quotes as Go prints it with `%q`, because BuildKit's messages quote so.
 */

const NAMED: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** `"…"` with everything escaped that Go does not call printable. */
export function goQuote(text: string): string {
  return `"${escaped(text, '"')}"`;
}

/** `'…'` around the character of this number; U+FFFD where there is none, as for what is no whole number. */
export function goQuoteCharacter(code: number): string {
  const isCharacter =
    Number.isInteger(code) && code >= 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return `'${escaped(String.fromCodePoint(isCharacter ? code : 0xfffd), "'")}'`;
}

function escaped(text: string, quote: string): string {
  return text.replaceAll(/["'\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (char) => {
    if (char === quote) return `\\${char}`;
    return /["']/.test(char) ? char : (NAMED[char] ?? numbered(char));
  });
}

function numbered(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}
