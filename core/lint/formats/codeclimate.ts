/** Code Climate issues: a stream of JSON objects for Code Climate itself, one array for GitLab. */

import { digestHex, digestOf } from '../../oci/digest.ts';
import type { Reported } from './reported.ts';

const SEVERITIES = { error: 'critical', warning: 'major', info: 'minor', style: 'info' } as const;

/** Objects end with a NUL byte, as the engine specification asks. */
export function formatCodeclimate(reported: readonly Reported[]): string {
  return reported.map((item) => `${JSON.stringify(issue(item))}\u0000`).join('');
}

export function formatGitlab(reported: readonly Reported[]): string {
  return `${JSON.stringify(reported.map(issue))}\n`;
}

function issue(item: Reported): unknown {
  return {
    type: 'issue',
    check_name: item.code,
    description: item.message,
    categories: ['Bug Risk'],
    severity: SEVERITIES[item.level],
    fingerprint: digestHex(
      digestOf([item.file, item.code, item.line, item.column, item.message].join('\u0000')),
    ),
    location: {
      path: item.file,
      lines: { begin: item.line, end: item.endLine },
      positions: {
        begin: { line: item.line, column: item.column },
        end: { line: item.endLine, column: item.endColumn },
      },
    },
  };
}
