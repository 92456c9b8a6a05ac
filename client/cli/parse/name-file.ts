/** `--env-file` and `--label-file`: one NAME=value a line, as docker's CLI reads them. */

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { NaruError } from '../../../core/errors.ts';
import { systemReason } from '../../../local/system-reason.ts';
import type { CliIo } from '../io.ts';

/** The lines of all files in order, without comments. @throws NaruError "invalid-argument" naming the file and the line */
export async function readNameFiles(
  option: string,
  files: readonly string[],
  io: CliIo,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const file of files) {
    const text = await readFile(resolve(io.cwd, file), 'utf8').catch((cause: unknown) => {
      const message = `${option}: cannot read ${file}: ${systemReason(cause)}`;
      throw new NaruError('invalid-argument', 'E_NAME_FILE', message, { cause });
    });
    for (const [index, line] of text
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
      .entries()) {
      const entry = line.trimStart();
      if (entry === '' || entry.startsWith('#')) continue;
      if (/^[^=]*\s[^=]*(=|$)/.test(entry) || entry.startsWith('=')) {
        const message = `${option}: ${file}:${index + 1}: ${JSON.stringify(entry.replace(/=.*/s, ''))} is not a name`;
        throw new NaruError('invalid-argument', 'E_NAME_FILE', message, {
          hint: 'write NAME=value, or NAME alone to take ours',
        });
      }
      lines.push(entry);
    }
  }
  return lines;
}
