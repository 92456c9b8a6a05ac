/** The files that tidy tests read. */

import { existsSync, readdirSync } from 'node:fs';

/** TypeScript files below a folder, repository-relative, sorted. */
export function sourceFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'),
    )
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort();
}
