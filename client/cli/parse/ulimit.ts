/** `--ulimit name=soft[:hard]`. */

import type { Ulimit } from '../../../core/build/run-settings.ts';
import { NaruError } from '../../../core/errors.ts';

/** @throws NaruError "invalid-argument" */
export function parseUlimit(text: string): Ulimit {
  const match = /^([a-z]+)=(-?\d+)(?::(-?\d+))?$/.exec(text);
  if (match) return { name: match[1] ?? '', soft: Number(match[2]), hard: Number(match[3] ?? match[2]) };
  throw new NaruError(
    'invalid-argument',
    'E_ULIMIT',
    `--ulimit: ${JSON.stringify(text)} is not name=soft[:hard]`,
    { hint: 'write --ulimit nofile=1024:2048' },
  );
}
