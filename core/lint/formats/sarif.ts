/** SARIF 2.1.0, the format of code scanning services. */

import { NARU_VERSION } from '../../version.ts';
import type { Reported } from './reported.ts';

const LEVELS = { error: 'error', warning: 'warning', info: 'note', style: 'note' } as const;

export function formatSarif(reported: readonly Reported[]): string {
  const rules = [...new Set(reported.map(({ code }) => code))].sort();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Naru', version: NARU_VERSION, rules: rules.map((id) => ({ id })) } },
        columnKind: 'utf16CodeUnits',
        results: reported.map((item) => result(item, rules.indexOf(item.code))),
      },
    ],
  };
  return `${JSON.stringify(log)}\n`;
}

function result(item: Reported, ruleIndex: number): unknown {
  return {
    ruleId: item.code,
    ruleIndex,
    level: LEVELS[item.level],
    message: { text: item.message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(item.file.replaceAll('\\', '/')) },
          region: {
            startLine: item.line,
            startColumn: item.column,
            endLine: item.endLine,
            endColumn: item.endColumn,
          },
        },
      },
    ],
  };
}
