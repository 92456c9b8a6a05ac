/** Plain columns as docker's CLI prints them: left-aligned, at least ten wide with the three blanks between them, upper-case heads. */

/** Rows shorter than the head are padded with empty cells; the last column is not padded. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return alignColumns([head, ...rows].map((cells) => head.map((_, column) => cells[column] ?? '')));
}

/** Go's text/tabwriter with a padding of 3; blanks at the end of a line are left out. `minWidth` counts the padding. */
export function alignColumns(rows: readonly (readonly string[])[], minWidth = MIN_WIDTH): string {
  const widths: number[] = [];
  for (const cells of rows) {
    cells.slice(0, -1).forEach((cell, column) => {
      widths[column] = Math.max(minWidth, widths[column] ?? 0, displayWidth(cell) + PADDING);
    });
  }
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column === cells.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - displayWidth(cell)),
      )
      .join('')
      .trimEnd();
  return rows.map((cells) => `${line(cells)}\n`).join('');
}

const MIN_WIDTH = 10;
const PADDING = 3;

/** Terminal columns: Hangul, Kana, CJK ideographs, full-width forms and pictures take two, combining marks none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    const isWide =
      (code >= 0x1100 && code <= 0x115f) ||
      (code >= 0x2e80 && code <= 0xa4cf) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xfe30 && code <= 0xfe6f) ||
      (code >= 0xff00 && code <= 0xff60) ||
      (code >= 0x1f300 && code <= 0x1faff);
    if (!/\p{Mn}/u.test(char)) width += isWide ? 2 : 1;
  }
  return width;
}
