/**
 * The shellcheck of this machine, for the editor: known answers at once, the others asked for when typing pauses.
 * One program runs at a time; after failing three times it is left alone until the server starts again.
 */

import type { ShellcheckComment, ShellcheckQuestion } from '../core/lint/shellcheck/question.ts';
import { askShellcheck } from '../local/shellcheck.ts';

export interface Shellcheck {
  /** What lint of this file may ask; a script without an answer yet is asked for soon. Scripts of an earlier lint of it count no more. */
  readonly lookupFor: (
    uri: string,
  ) => (question: ShellcheckQuestion) => readonly ShellcheckComment[] | undefined;
}

export interface ShellcheckOptions {
  /** Absolute path. */
  readonly program: string;
  /** There are new answers. */
  readonly onAnswers: () => void;
  readonly onFailure: (message: string) => void;
}

const PAUSE_MS = 300;
const TIMEOUT_MS = 30_000;
const MAX_FAILURES = 3;
/** Answers that are kept, by the keys of their questions, the oldest go first; both are some hundred bytes. */
const MAX_ANSWERS = 5000;

export function makeShellcheck({ onAnswers, onFailure, program }: ShellcheckOptions): Shellcheck {
  const answers = new Map<string, readonly ShellcheckComment[]>();
  /** By file, then by key. */
  const missing = new Map<string, Map<string, ShellcheckQuestion>>();
  let timer: NodeJS.Timeout | undefined;
  let isAsking = false;
  let nFailures = 0;

  async function ask(): Promise<void> {
    const questions = new Map([...missing.values()].flatMap((wanted) => [...wanted]));
    missing.clear();
    if (isAsking || questions.size === 0) return;
    isAsking = true;
    try {
      const texts = new Map([...questions].map(([key, { text }]) => [key, text()]));
      const found = await askShellcheck(program, [...texts.values()], { timeoutMs: TIMEOUT_MS, nAtOnce: 1 });
      for (const [key, text] of texts) answers.set(key, found.get(text) ?? []);
      for (const oldest of [...answers.keys()].slice(0, answers.size - MAX_ANSWERS)) answers.delete(oldest);
      nFailures = 0;
    } catch (error) {
      nFailures += 1;
      onFailure(error instanceof Error ? error.message : String(error));
    }
    isAsking = false;
    // Lint again also after a failure, so that what was missed meanwhile is asked for.
    onAnswers();
  }

  return {
    lookupFor(uri) {
      const wanted = new Map<string, ShellcheckQuestion>();
      missing.set(uri, wanted);
      return (question) => {
        const known = answers.get(question.key);
        if (known !== undefined || nFailures >= MAX_FAILURES) return known;
        wanted.set(question.key, question);
        clearTimeout(timer);
        timer = setTimeout(() => void ask(), PAUSE_MS); // it reports what goes wrong itself
        return undefined;
      };
    },
  };
}
