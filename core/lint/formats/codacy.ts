/** What Codacy reads of its tools: a JSON object on each line, with hadolint's keys (its Formatter/Codacy.hs). */

import type { Reported } from './reported.ts';

export function formatCodacy(reported: readonly Reported[]): string {
  return reported.map((item) => `${JSON.stringify(issue(item))}\n`).join('');
}

function issue({ code, file, line, message }: Reported): unknown {
  return { filename: file, patternId: code, message, line };
}
