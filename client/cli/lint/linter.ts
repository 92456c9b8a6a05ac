/** Lints file after file for the CLI: reads, repairs where that is asked for, asks shellcheck. */

import { isUtf8 } from 'node:buffer';

import { type LintConfig, lintOptionsOf } from '../../../core/lint/config.ts';
import type { FixedText } from '../../../core/lint/fixes.ts';
import type { Reported } from '../../../core/lint/formats/reported.ts';
import { readScript } from '../../../core/lint/shell/parsed-script.ts';
import { remembered } from '../../../core/lint/shell/remembered.ts';
import type { ShellcheckQuestion } from '../../../core/lint/shellcheck/question.ts';
import { unknownNames } from '../../../core/lint/unknown-names.ts';
import type { CliIo } from '../io.ts';
import type { StatusLine } from '../status-line.ts';
import { ignoreFileOf } from '../../../local/ignore-file.ts';
import { type LintJob, lintText, repaired, scriptsOf } from './check.ts';
import { type LintFlags, wantedFixes } from './flags.ts';
import { assertRepairable, readBytes, writeText } from './inputs.ts';
import { shellcheckOf } from './shellcheck.ts';

export interface LintSpeech {
  readonly io: CliIo;
  /** A line on stderr, so that no format is disturbed. */
  readonly say: (text: string) => void;
  readonly status: StatusLine;
}

/** What lints one file: the findings that are left when it is repaired; the repaired text of stdin is printed. @throws NaruError what cannot be read or written */
export function makeLinter(
  flags: LintFlags,
  config: LintConfig,
  { io, say, status }: LintSpeech,
): (file: string) => Promise<readonly Reported[]> {
  for (const unknown of unknownNames(config)) say(unknown);
  const isAsked = flags.shellcheck && flags.rules !== 'buildkit';
  const ask = isAsked ? shellcheckOf(io, flags.rules, status) : undefined;
  const wanted = wantedFixes(flags);
  // Looked at once for shellcheck, once in each round of repairs, once to report.
  const known = { ...lintOptionsOf(config), readScript: remembered(readScript) };

  async function repair(file: string, bytes: Buffer, job: LintJob): Promise<FixedText> {
    const given = { text: bytes.toString('utf8'), nApplied: 0, changesPlan: false };
    const fixed = wanted === undefined ? given : repaired(given.text, job, wanted);
    // What is no UTF-8 was not read in full: written back, its bytes would be others.
    const isKept = fixed.text !== given.text && !isUtf8(bytes);
    if (isKept) say(`${file} is not UTF-8, so it is not repaired`);
    const isChanged = fixed.text !== given.text && !isKept;
    if (wanted !== undefined && file === '-') io.stdout.write(isChanged ? fixed.text : bytes);
    else if (isChanged) await writeText(file, fixed.text);
    return isChanged ? fixed : given;
  }

  return async (file) => {
    if (wanted !== undefined) await assertRepairable(file);
    const bytes = await readBytes(file, io);
    const dockerignore = file === '-' ? undefined : ignoreFileOf(file);
    const options = dockerignore === undefined ? known : { ...known, dockerignore };
    const job = { file: flags.filePathInReport ?? file, rules: flags.rules, options };
    const fixed = await repair(file, bytes, job);
    const { nApplied, text } = fixed;
    const answers = await ask?.(scriptsOf(text, job));
    const asked =
      answers === undefined
        ? {}
        : { shellcheck: (question: ShellcheckQuestion) => answers.get(question.text()) };
    const left = lintText(text, { ...job, options: { ...options, ...asked } });
    if (nApplied > 0) say(repairedText(file, fixed, left.length));
    return left;
  };
}

function repairedText(file: string, { nApplied, changesPlan }: FixedText, nLeft: number): string {
  const fixed = nApplied === 1 ? '1 problem' : `${nApplied} problems`;
  const effect = changesPlan ? ' (changes what is built)' : '';
  return `${fixed} fixed in ${file}${effect}, ${nLeft === 0 ? 'none' : nLeft} left`;
}
