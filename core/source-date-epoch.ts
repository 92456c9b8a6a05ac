/** SOURCE_DATE_EPOCH, the one build argument that is also an option of the build (reproducible-builds.org/specs/source-date-epoch, as buildx has it). */

import { NaruError } from './errors.ts';

/** The option that a build argument makes; `ofEnvironment` counts where there is none. @throws NaruError "invalid-argument" E_EPOCH for what is no number */
export function epochOption(
  buildArgs: ReadonlyMap<string, string>,
  ofEnvironment?: string,
): { readonly sourceDateEpoch?: number } {
  const text = buildArgs.get('SOURCE_DATE_EPOCH') ?? ofEnvironment;
  if (text === undefined) return {};
  if (/^\d+$/.test(text)) return { sourceDateEpoch: Number(text) };
  const message = `SOURCE_DATE_EPOCH: ${JSON.stringify(text)} is not a number of seconds`;
  throw new NaruError('invalid-argument', 'E_EPOCH', message);
}
