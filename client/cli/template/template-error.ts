/** What is wrong with a template of `--format`. */

import { NaruError } from '../../../core/errors.ts';

export function templateError(what: string, cause?: unknown): NaruError {
  return new NaruError('invalid-argument', 'E_FORMAT', `--format: ${what}`, {
    hint: "write a template such as '{{.ID}}: {{.Names}}', or json",
    ...(cause === undefined ? {} : { cause }),
  });
}
