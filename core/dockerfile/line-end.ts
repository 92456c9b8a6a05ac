/** How the lines of a text end, for what is written into it. */

/** CRLF where the text has one. */
export function lineEndOf(text: string): '\r\n' | '\n' {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
