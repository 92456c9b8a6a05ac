/** Workflow commands of GitHub Actions: findings appear beside the changed lines of a pull request. */

import { escapeControls } from '../../control-characters.ts';
import type { Reported } from './reported.ts';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice', style: 'notice' } as const;

export function formatGithub(reported: readonly Reported[]): string {
  return reported.map(command).join('');
}

function command(item: Reported): string {
  const properties = [
    `file=${escapeProperty(item.file)}`,
    `line=${item.line}`,
    `col=${item.column}`,
    `endLine=${item.endLine}`,
    `endColumn=${item.endColumn}`,
    `title=${escapeProperty(item.code)}`,
  ];
  return `::${COMMANDS[item.level]} ${properties.join(',')}::${escapeData(item.message)}\n`;
}

function escapeData(text: string): string {
  return escapeControls(text).replaceAll('%', '%25').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
