/** SonarQube's generic issue data. Columns are 0-based there. */

import type { Reported } from './reported.ts';

const SEVERITIES = { error: 'CRITICAL', warning: 'MAJOR', info: 'MINOR', style: 'INFO' } as const;

export function formatSonarqube(reported: readonly Reported[]): string {
  return `${JSON.stringify({ issues: reported.map(issue) })}\n`;
}

function issue(item: Reported): unknown {
  const isRange = item.endLine > item.line || item.endColumn > item.column;
  return {
    engineId: 'naru',
    ruleId: item.code,
    severity: SEVERITIES[item.level],
    type: 'CODE_SMELL',
    primaryLocation: {
      message: item.message,
      filePath: item.file,
      textRange: {
        startLine: item.line,
        ...(isRange
          ? { endLine: item.endLine, startColumn: item.column - 1, endColumn: item.endColumn - 1 }
          : {}),
      },
    },
  };
}
