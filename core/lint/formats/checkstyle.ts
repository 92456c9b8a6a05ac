/** Checkstyle's XML report, which CI servers read. */

import { byFile, type Reported } from './reported.ts';
import { attributes } from './xml.ts';

const SEVERITIES = { error: 'error', warning: 'warning', info: 'info', style: 'info' } as const;

export function formatCheckstyle(reported: readonly Reported[]): string {
  const files = [...byFile(reported)].map(
    ([file, items]) => `<file${attributes({ name: file })}>${items.map(error).join('')}</file>`,
  );
  return `<?xml version='1.0' encoding='UTF-8'?><checkstyle version='4.3'>${files.join('')}</checkstyle>\n`;
}

function error(item: Reported): string {
  return `<error${attributes({
    line: item.line,
    column: item.column,
    severity: SEVERITIES[item.level],
    message: item.message,
    source: item.code,
  })}/>`;
}
