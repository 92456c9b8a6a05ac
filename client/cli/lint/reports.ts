/** The reports of `naru lint`: one for each `--output`, in the format at the same place; as hadolint, stdout and tty where nothing is said. */

import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { NaruError } from '../../../core/errors.ts';
import type { LintConfig } from '../../../core/lint/config.ts';
import type { FormatName } from '../../../core/lint/formats/names.ts';
import type { Reported } from '../../../core/lint/formats/reported.ts';
import { formatColoured } from '../../../core/lint/formats/tty.ts';
import { systemReason } from '../../../local/system-reason.ts';
import type { CliIo } from '../io.ts';

export interface ReportPlaces {
  readonly config: Pick<LintConfig, 'formats' | 'noColor'>;
  /** Files, or `-`, which is `answer`: stderr where stdout has the repaired text. */
  readonly outputs: readonly string[];
  readonly answer: CliIo['stdout'];
  readonly cwd: string;
}

/** @throws NaruError "invalid-argument" where a report would take the place of a file that is read */
export function refuseOverwriting(outputs: readonly string[], files: readonly string[], cwd: string): void {
  const read = new Set(files.map((file) => resolve(cwd, file)));
  const lost = outputs.find((place) => place !== '-' && read.has(resolve(cwd, place)));
  if (lost === undefined) return;
  throw new NaruError(
    'invalid-argument',
    'E_REPORT',
    `the report would take the place of ${lost}, which is linted`,
    {
      hint: 'name another file with -o',
    },
  );
}

/** @throws NaruError "invalid-argument" for a file that cannot be written */
export async function writeReports(reported: readonly Reported[], places: ReportPlaces): Promise<void> {
  const { config, outputs, answer, cwd } = places;
  const { formats = [] } = config;
  for (let at = 0; at < Math.max(1, formats.length, outputs.length); at += 1) {
    const [format = 'tty', place = '-'] = [formats[at], outputs[at]];
    if (place === '-') {
      const isColoured = answer.isTTY === true && config.noColor !== true;
      answer.write(await reportText(reported, format, isColoured));
    } else {
      await writeReport(resolve(cwd, place), await reportText(reported, format, false));
    }
  }
}

async function reportText(
  reported: readonly Reported[],
  format: FormatName,
  isColoured: boolean,
): Promise<string> {
  if (format === 'tty' && isColoured) return formatColoured(reported);
  // They know the rules, which are loaded when they are needed.
  const { FORMATS } = await import('../../../core/lint/formats/index.ts');
  return FORMATS[format](reported);
}

async function writeReport(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((cause: unknown) => {
    const message = `the report cannot be written to ${path}: ${systemReason(cause)}`;
    throw new NaruError('invalid-argument', 'E_REPORT', message, { cause });
  });
}
