/** hadolint's JSON shape with the end of the range added: one array. */

import type { Reported } from './reported.ts';

export function formatJson(reported: readonly Reported[]): string {
  return `${JSON.stringify(reported)}\n`;
}
